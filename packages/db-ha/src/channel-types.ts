import type { NodeStatus } from './status-types';

/** Message of `unite:db-ha:query`. No text of the statement, no values. */
export interface QueryMessage {
  /** Name of the cluster. */
  readonly cluster: string;
  /** What was asked for: `read` by `readOnly()`, else `write`. */
  readonly kind: 'read' | 'write';
  /**
   * What it did, of low cardinality: the name of a prepared statement, else the operation and the first table, without
   * its schema: `SELECT contacts`.
   */
  readonly statement?: string | undefined;
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
