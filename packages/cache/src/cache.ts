import { setMaxListeners } from 'node:events';
import type { CloseOptions, ContextSource } from '@unite/core';
import { backgroundClock, observe, systemClock, warnOnce } from '@unite/shared';
import type { CacheInvalidateMessage, CacheStateMessage } from './channel-types';
import { invalidateChannel, stateChannel } from './channels';
import { checkDefinition, checkWork, checkWriteOptions } from './check-options';
import { databaseToken } from './database-token';
import { Definition } from './definition/cache-definition';
import { sumOf } from './definition/definition-counts';
import type { DefinitionSettings } from './definition/definition-types';
import { EntryCodec } from './entry/entry-codec';
import { CacheError } from './errors';
import type { CacheInternals, SharedLayer } from './internal-types';
import { LocalLog } from './log/local-log';
import { LogView } from './log/log-view';
import { everything, Names, nameOf } from './log/names';
import { RemoteHealth } from './log/remote-health';
import { RemoteLog } from './log/remote-log';
import { MemoryLayer } from './memory/memory-layer';
import { checkedTags } from './tags/checked-tags';
import { LinkedTags } from './tags/linked-tags';
import type {
  Cache,
  CacheDefinition,
  CacheOptions,
  CacheStats,
  CloseReport,
  DefinitionOptions,
  InvalidationReceipt,
  RemoteStats,
  WriteOptions,
} from './types';

/** Share of the bound for which memory is trusted without news; the rest is for what is under way. */
const trustedShare = 0.4;
const defaultLoadTimeoutMs = 30_000;
/** What is on its way to the remote layer arrives within this, in milliseconds. */
const storedWithinMs = 100;

/** One cache: what its definitions share, and what concerns all of them. */
export class UniteCache implements Cache {
  readonly namespace: string;
  readonly tags: LinkedTags;
  readonly #internals: CacheInternals;
  readonly #remoteLog: RemoteLog | undefined;
  readonly #definitions = new Map<string, Definition<never, unknown>>();
  readonly #closed = new AbortController();
  readonly #pollEveryMs: number;
  #retainMs = 0;
  #closing: Promise<CloseReport> | undefined;

  constructor(options: CacheOptions & { readonly context: ContextSource }) {
    const { namespace, memory = {}, remote, maxStalenessMs = 5_000, pollEveryMs = 50 } = options;
    const { clock = systemClock, random = Math.random, context, codec, database } = options;
    const behind = options.clock ?? backgroundClock;
    this.namespace = namespace;
    this.#pollEveryMs = pollEveryMs;
    // Whatever warms listens to it.
    setMaxListeners(0, this.#closed.signal);
    const names = new Names();
    const view = new LogView(names, remote ? maxStalenessMs * trustedShare : Number.POSITIVE_INFINITY);
    const shared = remote && this.#open(remote);
    this.#remoteLog =
      shared &&
      new RemoteLog(shared.connection, view, shared.health, {
        clock: behind,
        random,
        pollEveryMs,
        retainMs: () => this.#retainMs,
        onLoss: () => this.#publishState('log-lost', 'Redis has lost the log, or has another one'),
      });
    this.#internals = {
      namespace,
      clock,
      backgroundClock: behind,
      random,
      context,
      memory: new MemoryLayer(names, memory),
      view,
      log: this.#remoteLog ?? new LocalLog(view, clock),
      codec: new EntryCodec(codec),
      remote: shared,
      database,
      closed: this.#closed.signal,
      loads: new Set(),
      stores: new Set(),
    };
    this.tags = new LinkedTags(shared?.connection, () => shared?.health.isDown ?? false);
  }

  define<Params, Value>(
    name: string,
    options: DefinitionOptions<Params, Value>,
  ): CacheDefinition<Params, Value> {
    checkDefinition(name, options as DefinitionOptions<never, unknown>);
    if (this.#definitions.has(name)) {
      throw new CacheError(
        'UNITE_CACHE_DEFINED_TWICE',
        `${this.namespace} has a definition "${name}" already: define it once, where its file may be loaded again by once() of @unite/core`,
      );
    }
    const settings = settingsOf(name, options as DefinitionOptions<never, unknown>);
    const { remoteTtlMs, loadTimeoutMs } = settings;
    this.#retainMs = Math.max(this.#retainMs, remoteTtlMs + loadTimeoutMs);
    const definition = new Definition(this.#internals, settings, options, {
      invalidate: (names) => this.#invalidate(names),
      expand: (tags) => this.tags.expand(tags),
    });
    this.#definitions.set(name, definition as unknown as Definition<never, unknown>);
    return definition;
  }

  async write<Result>(work: () => Promise<Result> | Result, options: WriteOptions): Promise<Result> {
    checkWork('write', work);
    checkWriteOptions('write', options, ['invalidates']);
    const { invalidates } = options;
    if (typeof invalidates !== 'function') checkedTags(invalidates);
    try {
      return await work();
    } finally {
      await this.#invalidateWritten(typeof invalidates === 'function' ? invalidates : () => invalidates);
    }
  }

  async invalidateTags(tags: readonly string[]): Promise<InvalidationReceipt> {
    return this.#invalidate(this.tags.expand(checkedTags(tags)).map(nameOf.tag));
  }

  clear(): Promise<InvalidationReceipt> {
    return this.#invalidate([everything]);
  }

  async clearPattern(pattern: string): Promise<number> {
    if (typeof pattern !== 'string' || pattern === '') {
      throw new TypeError(
        `clearPattern: the pattern must be a non-empty string, got ${JSON.stringify(pattern)}`,
      );
    }
    const { log, remote, clock } = this.#internals;
    const { position = 0 } = await log.invalidate([nameOf.pattern(pattern)]);
    if (!remote) return 0;
    const deleted = await remote.connection.deleteMatching(pattern, position);
    // Loads that began before it may be stored until their process has read of it.
    await clock.sleep(2 * this.#pollEveryMs + storedWithinMs);
    return deleted + (await remote.connection.deleteMatching(pattern, position));
  }

  stats(): CacheStats {
    const definitions = Object.fromEntries(
      Array.from(this.#definitions.values(), (each) => [each.name, each.stats()]),
    );
    const { size: entries, bytes, maxBytes, evictions, tooLarge } = this.#internals.memory;
    return {
      ...sumOf(Object.values(definitions)),
      definitions,
      memory: { entries, bytes, maxBytes, evictions, tooLarge },
      remote: this.#remoteStats(),
    };
  }

  async ready({ timeoutMs = 5_000 } = {}): Promise<boolean> {
    return this.#remoteLog?.ready(timeoutMs) ?? true;
  }

  close({ timeoutMs = 2_000 }: CloseOptions = {}): Promise<CloseReport> {
    this.#closing ??= this.#end(timeoutMs);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #end(timeoutMs: number): Promise<CloseReport> {
    const lostInvalidations = (await this.#remoteLog?.close(timeoutMs)) ?? 0;
    const closed = new CacheError('UNITE_CACHE_CLOSED', 'the cache is closed');
    this.#closed.abort(closed);
    for (const load of this.#internals.loads) load.abort(closed);
    await this.#stored(timeoutMs);
    await this.#internals.remote?.connection.close().catch(() => undefined);
    return { lostInvalidations };
  }

  /** The write is done: where nobody can say what it has changed, that may be everything. */
  async #invalidateWritten(tagsOf: () => readonly string[]): Promise<void> {
    let tags: readonly string[];
    try {
      tags = checkedTags(tagsOf());
    } catch (error) {
      const text = `write: "invalidates" has failed, so that everything was made invalid: ${String(error)}`;
      warnOnce('UNITE_CACHE_INVALIDATES_FAILED', text);
      await this.clear();
      return;
    }
    await this.invalidateTags(tags);
  }

  /** What has been loaded is handed on before the connection goes. */
  async #stored(timeoutMs: number): Promise<void> {
    const { clock, stores } = this.#internals;
    if (stores.size === 0) return;
    const end = new AbortController();
    const late = clock.sleep(timeoutMs, end.signal).catch(() => undefined);
    await Promise.race([Promise.allSettled(stores), late]);
    end.abort();
  }

  #invalidate(names: readonly string[]): Promise<InvalidationReceipt> {
    if (!invalidateChannel?.hasSubscribers) return this.#tell(names);
    const message: CacheInvalidateMessage = { cache: this.namespace, names: names.length };
    return observe(invalidateChannel, message, async () => {
      const receipt = await this.#tell(names);
      message.acknowledged = receipt.acknowledged;
      return receipt;
    });
  }

  async #tell(names: readonly string[]): Promise<InvalidationReceipt> {
    if (names.length === 0) return { acknowledged: true, tags: [] };
    const { log } = this.#internals;
    const { acknowledged, names: all } = await log.invalidate(names, {
      token: await databaseToken(this.#internals),
    });
    return { acknowledged, tags: all.filter((name) => name.startsWith('t')).map((name) => name.slice(1)) };
  }

  #open(remote: NonNullable<CacheOptions['remote']>): SharedLayer {
    const health = new RemoteHealth((state, reason) => this.#publishState(state, reason));
    return { connection: remote.open(this.namespace), health, unreadable: 0, unstorable: 0 };
  }

  #publishState(state: CacheStateMessage['state'], reason: string): void {
    if (stateChannel?.hasSubscribers) stateChannel.publish({ cache: this.namespace, state, reason });
  }

  #remoteStats(): RemoteStats | undefined {
    const { remote, view, clock } = this.#internals;
    if (!remote || !this.#remoteLog) return undefined;
    const { state, failures, timeouts, lastError } = remote.health;
    return {
      state,
      syncedMsAgo: clock.monotonicMs() - view.syncedAtMs,
      pendingInvalidations: this.#remoteLog.pending.size,
      failures,
      timeouts,
      unreadable: remote.unreadable,
      unstorable: remote.unstorable,
      logLosses: this.#remoteLog.losses,
      lastError,
    };
  }
}

function settingsOf(name: string, options: DefinitionOptions<never, unknown>): DefinitionSettings {
  const { memoryTtlMs = options.remoteTtlMs ?? 60_000, loadTimeoutMs = defaultLoadTimeoutMs } = options;
  const { remoteTtlMs = memoryTtlMs * 5, staleOnErrorMs = 0, loadDelayMs = 0 } = options;
  const { refreshAhead = 0, refreshEveryMs = Number.POSITIVE_INFINITY, countReads = false } = options;
  return {
    name,
    memoryTtlMs,
    remoteTtlMs,
    loadTimeoutMs,
    staleOnErrorMs,
    refreshAhead,
    refreshEveryMs,
    loadDelayMs,
    countReads,
  };
}
