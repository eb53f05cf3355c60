import type { Quota, Use } from '../types';
import type { RateLimitHeaders } from './header-types';

/** What of a quota the adapters need. */
export type MeteredQuota = Pick<Quota, 'check' | 'reserve' | 'concurrentUnits' | 'upgradeUrl'>;

/** How requests are metered. Functions get the framework's request. */
export interface MeterOptions<Request> {
  /**
   * What a request uses, or a function that says so. Nothing (`{}`) is free: nobody is asked.
   *
   * @default { apiCalls: 1 }
   */
  readonly use?: Use | ((request: Request) => Use | Promise<Use>) | undefined;
  /**
   * For whom shared limits are asked: `{ address: (request) => clientKey(request.ip) }`. `undefined` asks that limit
   * for nobody.
   */
  readonly for?: Readonly<Record<string, (request: Request) => string | undefined>> | undefined;
  /** @default the context's */
  readonly tenantId?: ((request: Request) => string | undefined) | undefined;
  /** @default what `termsOf` says, else the context's */
  readonly plan?: ((request: Request) => string | undefined) | undefined;
  /**
   * Whether `Idempotency-Key` of POST and PATCH makes a repetition free: for routes that do not do the work again. Where
   * they do, one key on every request would pay once.
   *
   * @default 'none'
   */
  readonly idempotency?: 'header' | 'none' | undefined;
  /** @default 'draft-11' */
  readonly headers?: RateLimitHeaders | undefined;
  /** What the headers say of whom the limits are counted for. The client sees it. @default nothing */
  readonly partitionKey?: ((request: Request) => string | undefined) | undefined;
  /**
   * How long a request may keep its place of a concurrency limit, in milliseconds.
   *
   * @default 60_000
   */
  readonly holdMs?: number | undefined;
}

/** A request that may pass. */
export interface Admission {
  /** For the response. */
  readonly headers: Readonly<Record<string, string>>;
  /** Present where a place is kept: to be called once the response has ended. Never throws. */
  readonly settle?: (() => void) | undefined;
}
