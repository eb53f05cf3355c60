import type { NodeStatus } from './status-types';

/** Message of `unite:db-ha:query`. No statement, no values. */
export interface QueryMessage {
  /** Name of the cluster. */
  readonly cluster: string;
  /** What was asked for: `read` by `readOnly()`, else `write`. */
  readonly kind: 'read' | 'write';
  /** Name of the node that served it, or failed to; known at the end. */
  node?: string | undefined;
  role?: 'primary' | 'replica' | undefined;
  /** Added when it failed. */
  error?: unknown;
}

/** Message of `unite:db-ha:transaction`. */
export interface TransactionMessage {
  readonly cluster: string;
  readonly isIdempotent: boolean;
  error?: unknown;
}

/** Message of `unite:db-ha:change`. */
export interface ChangeMessage {
  readonly cluster: string;
  readonly node: string;
  readonly from: NodeStatus['state'];
  readonly to: NodeStatus['state'];
  readonly reason: string | undefined;
  /** Where another node took over, or the primary was lost. */
  readonly primary: { readonly before: string | undefined; readonly now: string | undefined } | undefined;
}
