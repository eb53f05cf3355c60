import type { Clock, Closable, CloseOptions, Verifier } from '@unite/core';
import type { DrillsScreen } from './screen-types';
import type {
  ApmSource,
  CacheSource,
  ClusterSource,
  ErrorSource,
  LifecycleSource,
  QuotaSource,
  ServiceLike,
  TraceSource,
} from './source-types';

/**
 * Whether somebody may look. `true`: at everything. `{ tenantId }`: at what belongs to this tenant, and at aggregates of
 * the rest; without actions, unless it says `mayAct`. Anything else: no.
 */
export type AuthorizeAnswer =
  | boolean
  | { readonly tenantId: string; readonly mayAct?: boolean | undefined }
  | null
  | undefined;

/** Asked for each request, and for each open stream once a minute. */
export type Authorize = (
  request: Request,
  /** What the framework has of the request: that of Express; nothing in Next.js. */
  native: unknown,
) => AuthorizeAnswer | Promise<AuthorizeAnswer>;

/** Faults that may be started by hand. */
export interface DrillControl {
  list(): DrillsScreen | Promise<DrillsScreen>;
  start(name: string): unknown;
  stop(name: string): unknown;
}

/** Options of `createDashboard`. All sources are optional: what is not given is shown as not connected. */
export interface DashboardOptions {
  /**
   * Needed where the environment or NODE_ENV is `production`. Else the default lets in whoever comes from this machine, by its socket and by a
   * `Host` that is a loopback name; where the socket is not known, as in Next.js, nobody.
   */
  readonly authorize?: Authorize | undefined;
  /** The way back to the application: a path of the same site, and what it says. @default none */
  readonly home?: { readonly href: string; readonly label: string } | undefined;
  /** @default that of `apm`, else `app` */
  readonly service?: ServiceLike | undefined;
  /** @default that of the service, else NODE_ENV */
  readonly environment?: string | undefined;
  /** What `createTraceStore` of `@unite/tracing/store` returns. */
  readonly traces?: TraceSource | undefined;
  /** What `startApm` of `@unite/apm` returns. */
  readonly apm?: ApmSource | undefined;
  /** What `createEventStore` of `@unite/apm/store` returns. */
  readonly errors?: ErrorSource | undefined;
  readonly cache?: CacheSource | undefined;
  readonly quota?: QuotaSource | undefined;
  /** What `createCluster` of `@unite/db-ha` returns. */
  readonly cluster?: ClusterSource | undefined;
  readonly lifecycle?: LifecycleSource | undefined;
  /** Run at most once a minute while somebody looks at `now`. 50 at most. */
  readonly verify?: readonly Verifier[] | undefined;
  readonly drills?: DrillControl | undefined;
  /** Whether a tag may be made invalid and drills may be started. @default true in `development`, else false */
  readonly actions?: boolean | undefined;
  /** Nonce of the page's own policy, where the framework sets one over that of the dashboard. */
  readonly nonce?: ((request: Request) => string | undefined) | undefined;
  /** Open streams. @default 100 */
  readonly maxViewers?: number | undefined;
  /** Requests in the ring. @default 500 */
  readonly requestsKept?: number | undefined;
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/** Where a request to the dashboard came in. */
export interface DashboardPlace {
  /** Path that the dashboard is mounted at, without a slash at the end: `/ops`. */
  readonly basePath: string;
  /** The framework's own request. */
  readonly native?: unknown;
}

/** What the dashboard has refused since the start. */
export interface DashboardCounts {
  /** Requests that were not authorized. */
  readonly refused: number;
  /** Times that `authorize` threw, took too long or answered something unreadable. */
  readonly authorizeFailures: number;
  /** Streams that are open. */
  readonly viewers: number;
  /** Viewers that did not read what they were sent. */
  readonly dropped: number;
}

/** Pages, figures and the stream, for any server that speaks in Web requests. */
export interface Dashboard extends Closable {
  /** Answers a request to the dashboard. Never rejects. */
  handle(request: Request, place: DashboardPlace): Promise<Response>;
  counts(): DashboardCounts;
  /** Ends streams, and listens to nothing any more. Belongs into `onDrain`. Idempotent. */
  close(options?: CloseOptions): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
