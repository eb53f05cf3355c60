import type { Clock, CloseOptions, ContextSource, UniteContext } from '@unite/core';
import { createContext, currentContext, runWithContext } from '@unite/core/context';
import { backgroundClock, checkOptions, expects, optionChecks } from '@unite/shared';
import { QuotaError } from '../errors';
import type { Quota } from '../types';
import { outageProblem } from './quota-problem';
import { usageDocument } from './usage-document';
import type { UsageDocument } from './usage-document-types';
import { UsageFeed } from './usage-feed';
import type { UsageViewer } from './usage-viewer';

/** Options of the usage handlers. */
export interface UsageOptions {
  /** Pause between two reads for those who watch a tenant, in milliseconds. @default 1_000 */
  readonly pollMs?: number | undefined;
  /** Silence after which a comment is sent, in milliseconds. @default 15_000 */
  readonly heartbeatMs?: number | undefined;
  /** A stream ends after this, in milliseconds, and the browser connects again. @default 300_000 */
  readonly maxAgeMs?: number | undefined;
  /** Streams at once in this process; more are answered with 503. @default 10_000 */
  readonly maxViewers?: number | undefined;
  /** Streams at once of one tenant. @default 1_000 */
  readonly maxViewersPerTenant?: number | undefined;
  /** Where the tenant is read from: whose usage it is, no request can say. @default the shared slot of `@unite/core` */
  readonly context?: ContextSource | undefined;
  readonly clock?: Clock | undefined;
}

type Settings = Required<{ [Name in keyof UsageOptions]: NonNullable<UsageOptions[Name]> }>;

const defaults: Settings = Object.freeze({
  pollMs: 1_000,
  heartbeatMs: 15_000,
  maxAgeMs: 300_000,
  maxViewers: 10_000,
  maxViewersPerTenant: 1_000,
  context: currentContext,
  clock: backgroundClock,
});

const { positive } = optionChecks;
const checks = {
  pollMs: positive,
  heartbeatMs: positive,
  maxAgeMs: positive,
  maxViewers: positive,
  maxViewersPerTenant: positive,
  context: optionChecks.function,
  clock: optionChecks.object,
};
const checkQuota = expects(
  'a quota of `createQuota`',
  (value) => typeof (value as Quota | null)?.usage === 'function',
);

/** Headers of a document, which is one tenant's. */
export const documentHeaders = Object.freeze({
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  Vary: 'Accept',
});

/** Headers of a stream (HTML §9.2): nothing on the way may hold it back, compress it or keep it. */
export const streamHeaders = Object.freeze({
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
  Vary: 'Accept',
});

/** Whether a client asks for the stream, as `EventSource` does. */
export function asksForStream(accept: string | null | undefined): boolean {
  return /\btext\/event-stream\b/i.test(accept ?? '');
}

/** How the context's tenant stands, once or over time. */
export class UsageSource {
  readonly #quota: Pick<Quota, 'usage'>;
  readonly #settings: Settings;
  readonly #feeds = new Map<string, UsageFeed>();
  #viewers = 0;
  #isClosed = false;

  /** @throws TypeError for an option that is unknown or malformed */
  constructor(owner: string, quota: Pick<Quota, 'usage'>, options: UsageOptions) {
    checkOptions(owner, { quota }, { quota: checkQuota }, ['quota']);
    checkOptions(owner, options, checks);
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    this.#quota = quota;
    this.#settings = { ...defaults, ...Object.fromEntries(given) };
  }

  /** @throws QuotaError `UNITE_QUOTA_TENANT_MISSING`, which answers with 401, and what the quota throws */
  async document(): Promise<UsageDocument> {
    return usageDocument(await this.#quota.usage(this.#identity().tenantId));
  }

  /** @throws QuotaError also `UNITE_QUOTA_UNAVAILABLE` when too many watch */
  async watch(): Promise<UsageViewer> {
    const { tenantId, plan } = this.#identity();
    const { maxViewers, maxViewersPerTenant } = this.#settings;
    if (this.#isClosed) throw unavailable('UNITE_QUOTA_CLOSED', 'The stream of usage is closed');
    const watching = this.#feeds.get(tenantId)?.viewers ?? 0;
    if (this.#viewers >= maxViewers || watching >= maxViewersPerTenant) {
      throw unavailable('UNITE_QUOTA_UNAVAILABLE', 'Too many watch the stream of usage');
    }
    this.#viewers++;
    // The viewer's own context would keep the request in memory, and its deadline would end what others watch.
    const context = createContext({ tenantId, plan });
    const read = () => runWithContext(context, () => this.#quota.usage(tenantId));
    return await (this.#feeds.get(tenantId) ?? this.#open(tenantId)).join(read);
  }

  /** Ends all streams; browsers connect again, to another process. Idempotent. */
  async close(_options?: CloseOptions): Promise<void> {
    this.#isClosed = true;
    for (const feed of [...this.#feeds.values()]) feed.close();
  }

  #open(tenantId: string): UsageFeed {
    const feed = new UsageFeed({
      ...this.#settings,
      onLeave: () => {
        this.#viewers--;
        if (feed.viewers === 0) this.#feeds.delete(tenantId);
      },
    });
    this.#feeds.set(tenantId, feed);
    return feed;
  }

  #identity(): UniteContext & { readonly tenantId: string } {
    const context = this.#settings.context();
    if (context?.tenantId !== undefined) return context as UniteContext & { readonly tenantId: string };
    const problem = { type: 'about:blank', status: 401, title: 'Unauthorized' };
    throw new QuotaError('UNITE_QUOTA_TENANT_MISSING', 'Usage: the context names no tenant', { problem });
  }
}

function unavailable(code: 'UNITE_QUOTA_CLOSED' | 'UNITE_QUOTA_UNAVAILABLE', text: string): QuotaError {
  return new QuotaError(code, text, { problem: outageProblem(5_000) });
}
