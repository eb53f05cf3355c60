import type { Clock } from '@unite/core';
import { outsideOfRequests } from '@unite/shared';
import { CacheError } from '../errors';
import type { AppendRequest, LogMark, RemoteConnection, SyncReply } from '../remote-types';
import type { InvalidationLog, LogCheck, LogInvalidation } from './log-types';
import type { LogView } from './log-view';
import { everything } from './names';
import { PendingInvalidations } from './pending-invalidations';
import { RecentInvalidations } from './recent-invalidations';
import type { RemoteHealth } from './remote-health';
import { UnseenAppends } from './unseen-appends';

/** How often the remote layer is shown to be writable, in milliseconds; more often where memory is trusted for less. */
const maxTouchEveryMs = 1_000;
/** Names that are asked for in one round trip. */
const maxNames = 1_000;
/**
 * For how long after an outage others may still hand in what they have invalidated, in milliseconds: node-redis and
 * ioredis wait up to two seconds before they connect again, and then it is our turn.
 */
const handInMs = 5_000;
/** Longest wait between attempts to reach the layer, in milliseconds. */
const maxBackoffMs = 500;

interface Settings {
  readonly clock: Clock;
  readonly random: () => number;
  readonly pollEveryMs: number;
  /** Longest remote time to live of all definitions, with the time of a load, in milliseconds. */
  readonly retainMs: () => number;
  readonly onLoss: () => void;
}

interface Batch {
  readonly names: Set<string>;
  readonly reply: Promise<BatchReply | undefined>;
}

interface BatchReply {
  readonly askedAtMs: number;
  readonly sync: SyncReply;
  readonly lastOf: ReadonlyMap<string, number>;
}

/** The log that all processes share: reads it on and on, and says what that means for what is in memory. */
export class RemoteLog implements InvalidationLog {
  readonly pending = new PendingInvalidations();
  losses = 0;
  readonly #connection: RemoteConnection;
  readonly #view: LogView;
  readonly #health: RemoteHealth;
  readonly #settings: Settings;
  readonly #closing = new AbortController();
  #mark: LogMark | undefined;
  readonly #unseen = new UnseenAppends();
  readonly #recent = new RecentInvalidations();
  /** The request that is the first to read would be kept for ever, and every look into the log would be in its trace. */
  readonly #outsideOfRequests = outsideOfRequests();
  #batch: Batch | undefined;
  #reading: Promise<void> | undefined;
  #lastUseAtMs = 0;
  #touchedAtMs = Number.NEGATIVE_INFINITY;
  #attempts = 0;
  readonly #touchEveryMs: number;
  /** The mark whose loss has been noted. */
  #lost: LogMark | undefined;

  constructor(connection: RemoteConnection, view: LogView, health: RemoteHealth, settings: Settings) {
    this.#connection = connection;
    this.#view = view;
    this.#health = health;
    this.#settings = settings;
    this.#touchEveryMs = Math.min(maxTouchEveryMs, view.trustMs / 2);
  }

  async check(names: readonly string[]): Promise<LogCheck | undefined> {
    this.follow();
    if (this.#health.isDown || this.pending.has(names)) return undefined;
    const reply = await this.#ask(names);
    const mark = reply?.sync.mark;
    if (!mark) return undefined;
    const { sync, lastOf, askedAtMs } = reply;
    const own = Math.max(
      0,
      ...names.filter((name) => name !== everything).map((name) => lastOf.get(name) ?? 0),
    );
    return {
      stamp: mark.position,
      invalidatedAt: Math.max(own, sync.clearedAt),
      invalidatedMsAgo: own === 0 ? Number.POSITIVE_INFINITY : Math.max(0, sync.now - own) / 1_000,
      token: sync.token,
      askedAtMs,
    };
  }

  pendingToken(names: readonly string[]): string | undefined {
    return this.pending.tokenOf(names);
  }

  /** With the first use: whatever makes a cache does not want a timer yet. */
  follow(): void {
    this.#lastUseAtMs = this.#settings.clock.monotonicMs();
    if (!this.#closing.signal.aborted) this.#reading ??= this.#outsideOfRequests(() => this.#readOn());
  }

  recall(names: readonly string[], stamp: number): LogCheck | undefined {
    this.follow();
    const { clock, pollEveryMs } = this.#settings;
    const { syncedAtMs: askedAtMs } = this.#view;
    const isNew = clock.monotonicMs() - askedAtMs <= 2 * pollEveryMs;
    if (!isNew || this.#health.state !== 'up' || this.pending.has(names)) return undefined;
    if (!this.#recent.areSince(names, stamp)) return undefined;
    return {
      stamp: this.#view.position,
      invalidatedAt: 0,
      invalidatedMsAgo: Number.POSITIVE_INFINITY,
      askedAtMs,
    };
  }

  async invalidate(
    names: readonly string[],
    { token, unless }: Pick<AppendRequest, 'token' | 'unless'> = {},
  ): Promise<LogInvalidation> {
    this.follow();
    this.#view.invalidateNow(names);
    this.#recent.note(names, this.#view.position);
    try {
      if (this.#health.isDown) throw new CacheError('UNITE_CACHE_REMOTE_FAILED', 'the remote layer is down');
      const reply = await this.#append({ names, token, unless });
      return { acknowledged: true, position: reply.mark?.position, names: reply.names };
    } catch {
      this.pending.add(names, token);
      return { acknowledged: false, position: unless ? undefined : this.#view.position, names };
    }
  }

  /** Waits until the log has been read once, for so long. */
  async ready(timeoutMs: number): Promise<boolean> {
    const { clock, pollEveryMs } = this.#settings;
    const untilMs = clock.monotonicMs() + timeoutMs;
    this.follow();
    await this.#ask([]);
    while (this.#health.state !== 'up' && clock.monotonicMs() < untilMs && !this.#closing.signal.aborted) {
      await clock.sleep(pollEveryMs);
      await this.#ask([]);
    }
    return this.#health.state === 'up';
  }

  async close(timeoutMs: number): Promise<number> {
    const { clock } = this.#settings;
    const untilMs = clock.monotonicMs() + timeoutMs;
    while (this.pending.size > 0 && clock.monotonicMs() < untilMs) {
      await this.#flush().catch(() => clock.sleep(Math.min(50, timeoutMs)));
    }
    this.#closing.abort(new CacheError('UNITE_CACHE_CLOSED', 'the cache is closed'));
    await this.#reading;
    return this.pending.size;
  }

  async #readOn(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      if (await this.#ask([])) await this.#flush().catch(() => undefined);
      await this.#settings.clock.sleep(this.#pauseMs(), signal).catch(() => undefined);
    }
  }

  #pauseMs(): number {
    const { clock, random, pollEveryMs } = this.#settings;
    if (this.#health.state !== 'up') {
      this.#attempts += 1;
      return Math.min(maxBackoffMs, pollEveryMs * 2 ** this.#attempts) * (0.5 + random() / 2);
    }
    this.#attempts = 0;
    const idleMs = this.#view.trustMs / 2;
    if (this.#view.isUsed) this.#lastUseAtMs = clock.monotonicMs();
    this.#view.isUsed = false;
    return clock.monotonicMs() - this.#lastUseAtMs < idleMs ? pollEveryMs : Math.max(idleMs, pollEveryMs);
  }

  /** One question for all who ask in the same moment. */
  async #ask(names: readonly string[]): Promise<BatchReply | undefined> {
    if (!this.#batch || this.#batch.names.size >= maxNames) {
      const batch: Batch = { names: new Set(), reply: Promise.resolve().then(() => this.#send(batch)) };
      this.#batch = batch;
    }
    for (const name of names) this.#batch.names.add(name);
    return this.#batch.reply;
  }

  async #send(batch: Batch): Promise<BatchReply | undefined> {
    if (this.#batch === batch) this.#batch = undefined;
    const askedAtMs = this.#settings.clock.monotonicMs();
    const names = [...batch.names];
    try {
      // The first answer may be that there is no log, which is mended then.
      const sync = (await this.#sync(names, askedAtMs)) ?? (await this.#sync(names, askedAtMs));
      return (
        sync && {
          askedAtMs,
          sync,
          lastOf: new Map(names.map((name, at) => [name, sync.lastInvalidations[at] ?? 0])),
        }
      );
    } catch (error) {
      this.#health.failed(error);
      return undefined;
    }
  }

  async #sync(names: readonly string[], askedAtMs: number): Promise<SyncReply | undefined> {
    const touch = this.#health.state !== 'up' || askedAtMs - this.#touchedAtMs >= this.#touchEveryMs;
    const since = this.#mark;
    const expected = this.#unseen.expected();
    const retainMs = this.#settings.retainMs();
    const reply = await this.#connection.sync({ since, names, touch, retainMs });
    if (touch) this.#touchedAtMs = askedAtMs;
    this.#health.answered();
    if (reply.state === 'lost' || !reply.mark || (since && this.#unseen.isMissing(expected, reply))) {
      if (this.#mark === since) await this.#takeUpAnew(reply);
      return undefined;
    }
    if (reply.state === 'behind') this.#view.distrust();
    if (reply.state === 'behind' || !since) {
      this.#unseen.forget(reply.mark);
      this.#recent.beginAt(reply.mark.position);
    }
    for (const entry of reply.entries) {
      this.#unseen.seen(entry.mark.id);
      this.#hear(entry.names, entry.mark.position);
    }
    this.#advance(reply.more ? (reply.entries.at(-1)?.mark ?? reply.mark) : reply.mark);
    // A load that begins now has the newest position for its stamp: what this process invalidates then comes after.
    this.#view.position = Math.max(this.#view.position, reply.mark.position);
    if (!reply.more) await this.#synced(askedAtMs);
    return reply;
  }

  async #synced(askedAtMs: number): Promise<void> {
    const wasAwayMs = askedAtMs - this.#view.syncedAtMs;
    if (wasAwayMs > this.#view.trustMs && wasAwayMs < Number.POSITIVE_INFINITY)
      await this.#recover(askedAtMs);
    this.#view.syncedAtMs = Math.max(this.#view.syncedAtMs, askedAtMs);
    this.#health.back();
  }

  /**
   * After an outage others may still have invalidations that the log did not take. They hand them in within a
   * moment; until then nothing is trusted that is older than now.
   */
  async #recover(askedAtMs: number): Promise<void> {
    const { mark } = await this.#append({ names: [] });
    this.#view.distrust();
    this.#view.trustFrom = mark?.position ?? 0;
    this.#recent.beginAt(this.#view.trustFrom);
    this.#view.trustFromUntilMs = askedAtMs + Math.max(handInMs, this.#view.trustMs);
  }

  /** The log was lost, with whatever invalidations: everything is invalid, here and in the layer. */
  async #takeUpAnew({ mark, clearedAt }: SyncReply): Promise<void> {
    const known = Math.max(this.#mark?.position ?? 0, this.#unseen.latest);
    if (this.#mark) this.#view.distrust();
    if (this.#mark !== this.#lost) {
      this.#lost = this.#mark;
      this.losses += 1;
      this.#settings.onLoss();
    }
    // Whoever noticed it first has made everything invalid already.
    if (mark && clearedAt > known) this.#mark = mark;
    else this.#mark = (await this.#append({ names: [everything], after: known })).mark;
    this.#unseen.forget(this.#mark);
    this.#recent.beginAt(this.#mark?.position ?? Number.POSITIVE_INFINITY);
  }

  async #append(request: Pick<AppendRequest, 'names' | 'token' | 'unless' | 'after'>) {
    try {
      const reply = await this.#connection.append({ ...request, retainMs: this.#settings.retainMs() });
      this.#health.answered();
      if (reply.mark) {
        this.#hear(reply.names, reply.mark.position);
        if (reply.mark.position > (this.#mark?.position ?? 0)) this.#unseen.add(reply.mark);
      }
      return reply;
    } catch (error) {
      this.#health.failed(error);
      await this.#insist(error);
      throw error;
    }
  }

  /** What the layer refuses to write down, others must not miss: without a log nobody trusts what he has. */
  async #insist(error: unknown): Promise<void> {
    if (!CacheError.isInstance(error) || error.code !== 'UNITE_CACHE_REMOTE_REFUSED') return;
    await this.#connection.dropLog().catch(() => undefined);
  }

  #flush(): Promise<void> {
    return this.pending.flush((names, token) => this.#append({ names, token }));
  }

  #hear(names: readonly string[], position: number): void {
    this.#view.invalidate(names, position);
    this.#recent.note(names, position);
  }

  #advance(mark: LogMark): void {
    if (mark.position >= (this.#mark?.position ?? 0)) this.#mark = mark;
    this.#view.position = Math.max(this.#view.position, mark.position);
  }
}
