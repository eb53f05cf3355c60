import { observe, warnOnce } from '@unite/shared';
import type { CacheLoadMessage } from '../channel-types';
import { loadChannel } from '../channels';
import type { StoredEntry } from '../entry/entry-codec';
import type { CacheInternals, SharedLayer } from '../internal-types';
import type { LogCheck } from '../log/log-types';
import { type Name, nameOf } from '../log/names';
import type { CodecEntry, Lease, RemoteRead } from '../remote-types';
import type { LoadCall } from '../types';
import type { DefinitionCounts } from './definition-counts';
import type { DefinitionSettings } from './definition-types';
import type { Filled, Flight } from './flight';
import { holdLease, newLease } from './hold-lease';
import { keepEntry } from './keep-entry';
import { runLoader } from './run-loader';

/** How often they look whether it is there. */
const firstPauseMs = 5;
const maxPauseMs = 50;
/** After as many misses in a row the next one is likely, too: the lease is asked for with the first command. */
const likelyMisses = 2;

type Loader<Value> = (call: LoadCall) => Promise<Value> | Value;

/** The way from a miss in memory to a value: the remote layer, another process's load, or the loader. */
export class Fill<Value> {
  readonly #cache: CacheInternals;
  readonly #settings: DefinitionSettings;
  readonly #counts: DefinitionCounts;
  #missesInARow = 0;

  constructor(cache: CacheInternals, settings: DefinitionSettings, counts: DefinitionCounts) {
    this.#cache = cache;
    this.#settings = settings;
    this.#counts = counts;
  }

  async run(flight: Flight<Value>, load: Loader<Value>): Promise<Filled<Value>> {
    const { clock, random } = this.#cache;
    const lease = newLease(this.#settings.loadTimeoutMs);
    let pauseMs = firstPauseMs;
    let isFirst = true;
    for (;;) {
      const { check, read, isAsked, found } = await this.#look(flight, lease, isFirst);
      if (found) {
        this.#counts.remoteHits += 1;
        this.#missesInARow = 0;
        return found;
      }
      if (isFirst) this.#missesInARow += 1;
      // What is loaded without a stamp is not stored. Also where no answer came: the lease may be given all the same.
      if (!check && isAsked && !read?.entry) this.#giveBack(flight.key, lease.id);
      if (!check || (await this.#mayLoad(flight, read, lease))) {
        return this.#loadAndKeep(flight, load, { check, reason: 'miss', lease: check && lease });
      }
      await clock.sleep(pauseMs * (0.5 + random() / 2), flight.controller.signal);
      pauseMs = Math.min(maxPauseMs, pauseMs * 2);
      isFirst = false;
    }
  }

  /** The remote layer's entry, if it is one and still valid; it is kept in memory then. */
  async open(
    flight: Flight<Value>,
    check: LogCheck,
    entry: NonNullable<RemoteRead['entry']>,
  ): Promise<Filled<Value> | undefined> {
    const { codec, view, clock, remote } = this.#cache;
    const isValid = entry.stamp >= check.invalidatedAt && view.trustsStamp(entry.stamp, check.askedAtMs);
    if (!isValid) {
      if (Number.isNaN(entry.stamp)) (remote as SharedLayer).unreadable += 1;
      return undefined;
    }
    let stored: StoredEntry;
    try {
      stored = await codec.decode(flight, entry.bytes);
    } catch {
      (remote as SharedLayer).unreadable += 1;
      return undefined;
    }
    const confirmedAtMs = check.askedAtMs;
    const extraNames = stored.extraTags.map((tag) => view.names.hold(nameOf.tag(tag)));
    try {
      if (!(await this.#isSince(extraNames, entry.stamp))) return undefined;
      if (flight.mayKeep(view, entry.stamp)) {
        const ttlMs = Math.min(this.#settings.memoryTtlMs, entry.ttlMs);
        const freshUntilMs = clock.monotonicMs() + ttlMs;
        keepEntry(this.#cache, flight, { ...stored, stamp: entry.stamp, confirmedAtMs, freshUntilMs });
      }
    } finally {
      view.names.release(extraNames);
    }
    const { value, loadedAtMs, extraTags } = stored;
    return { value: value as Value, layer: 'remote', loadedAtMs, confirmedAtMs, isStale: false, extraTags };
  }

  /** Runs the loader and keeps the value, unless it has been invalidated meanwhile. */
  async #loadAndKeep(flight: Flight<Value>, load: Loader<Value>, start: LoadStart): Promise<Filled<Value>> {
    const { view, clock } = this.#cache;
    const { check, lease } = start;
    const leaseId = lease?.id;
    const letGo = lease && holdLease(this.#cache, flight.key, lease);
    let loaded: Loaded<Value>;
    try {
      loaded = await this.load(flight, load, start);
      letGo?.();
    } catch (error) {
      letGo?.();
      this.#giveBack(flight.key, leaseId);
      const stale = this.#staleEntry(flight);
      if (!stale) throw error;
      this.#counts.staleServed += 1;
      return stale;
    }
    if (flight.mayKeep(view, loaded.stamp)) {
      const { memoryTtlMs } = this.#settings;
      // Where the log did not answer, nobody said which write of others the database must have seen: it may be behind.
      const ttlMs = check ? memoryTtlMs : Math.min(memoryTtlMs, view.trustMs);
      const freshUntilMs = clock.monotonicMs() + ttlMs;
      keepEntry(this.#cache, flight, { ...loaded, freshUntilMs });
      if (check) this.#storeBehind(this.store(flight, { ...loaded, leaseId }));
    } else {
      this.#counts.fenced += 1;
      this.#giveBack(flight.key, leaseId);
    }
    const { value, loadedAtMs, confirmedAtMs } = loaded;
    return { value, layer: 'load', loadedAtMs, confirmedAtMs, isStale: false };
  }

  /** Runs the loader. */
  load(flight: Flight<Value>, load: Loader<Value>, start: LoadStart): Promise<Loaded<Value>> {
    if (!loadChannel?.hasSubscribers) return this.#load(flight, load, start.check);
    const message: CacheLoadMessage = {
      cache: this.#cache.namespace,
      definition: this.#settings.name,
      reason: start.reason,
    };
    return observe(loadChannel, message, () => this.#load(flight, load, start.check));
  }

  async #load(
    flight: Flight<Value>,
    load: Loader<Value>,
    check: LogCheck | undefined,
  ): Promise<Loaded<Value>> {
    const { clock, view, log, database, closed, loads } = this.#cache;
    const { name, loadTimeoutMs, loadDelayMs } = this.#settings;
    // Without an answer of the log the value is good for as long as the bound allows, and for this process alone.
    const stamp = check?.stamp ?? view.position;
    const loadedAtMs = clock.wallMs();
    const confirmedAtMs = clock.monotonicMs();
    const { controller } = flight;
    this.#counts.loads += 1;
    loads.add(controller);
    try {
      closed.throwIfAborted();
      const value = await runLoader({
        definition: name,
        load,
        controller,
        timeoutMs: loadTimeoutMs,
        delayMs: loadDelayMs,
        check: check ?? {
          invalidatedMsAgo: Number.POSITIVE_INFINITY,
          // What was written here is known here, also while nobody else can be told.
          token: log.pendingToken(flight.names.map(({ text }) => text)),
        },
        database,
        clock,
      });
      const loadMs = clock.monotonicMs() - confirmedAtMs;
      this.#counts.loadMs += loadMs;
      return { value, stamp, loadedAtMs, confirmedAtMs, loadMs };
    } catch (error) {
      this.#counts.loadErrors += 1;
      throw error;
    } finally {
      loads.delete(controller);
    }
  }

  /** Nobody waits for it but `close`. */
  #storeBehind(storing: Promise<unknown>): void {
    const { stores } = this.#cache;
    stores.add(storing);
    void storing.then(() => stores.delete(storing));
  }

  /** Puts a value into the remote layer. What cannot be stored is served all the same, and counted. */
  async store(
    entry: CodecEntry,
    { value, stamp, loadedAtMs, loadMs, leaseId, extraTags = [], ttlMs = this.#settings.remoteTtlMs }: Stored,
  ): Promise<boolean> {
    const { remote, codec } = this.#cache;
    const { key } = entry;
    if (!remote) return false;
    let bytes: Uint8Array;
    try {
      bytes = await codec.encode(entry, { value, loadedAtMs, loadMs, extraTags });
    } catch (error) {
      remote.unstorable += 1;
      this.#giveBack(key, leaseId);
      const text = `${this.#settings.name}: a value is kept in this process alone, since ${(error as Error).message}; let the loader return plain data`;
      warnOnce('UNITE_CACHE_NOT_ENCODABLE', text);
      return false;
    }
    try {
      const isKept = await remote.connection.put(key, { bytes, stamp, ttlMs, leaseId });
      remote.health.answered();
      return isKept;
    } catch (error) {
      if (error instanceof RangeError) {
        remote.unstorable += 1;
        warnOnce(
          'UNITE_CACHE_TOO_LARGE',
          `${this.#settings.name}: an entry is kept out of Redis, since ${error.message}`,
        );
      } else remote.health.failed(error);
      this.#giveBack(key, leaseId);
      return false;
    }
  }

  /** One command where the entry is there and known to be valid; else the log is asked at once with who may load. */
  async #look(flight: Flight<Value>, lease: Lease, isFirst: boolean): Promise<Look<Value>> {
    const { remote, log } = this.#cache;
    const names = flight.names.map(({ text }) => text);
    if (!remote || remote.health.isDown) return { check: await log.check(names), isAsked: false };
    log.follow();
    const failed = (error: unknown): void => remote.health.failed(error);
    const isTried = isFirst && this.#missesInARow < likelyMisses;
    const first = isTried ? await remote.connection.read(flight.key).catch(failed) : undefined;
    // Nobody waits for a second deadline.
    if (isTried && !first) return { isAsked: false };
    if (first) remote.health.answered();
    const recalled = first?.entry && log.recall(names, first.entry.stamp);
    if (first?.entry && recalled) {
      const found = await this.open(flight, recalled, first.entry);
      return found
        ? { isAsked: false, found }
        : { check: await log.check(names), read: first, isAsked: false };
    }
    const reading = first?.entry ? first : remote.connection.read(flight.key, lease).catch(failed);
    const check = await log.check(names);
    const read = (await reading) ?? undefined;
    const found = check && read?.entry && (await this.open(flight, check, read.entry));
    return { check, read, isAsked: true, found };
  }

  /** Whether this process is the one that loads. Where leases cannot be had, each does. */
  async #mayLoad(flight: Flight<Value>, read: RemoteRead | undefined, lease: Lease): Promise<boolean> {
    const { remote } = this.#cache;
    if (!remote || !read || read.leased) return true;
    if (!read.entry) return false;
    return remote.connection.lease(flight.key, lease, read.entry.stamp).catch(() => true);
  }

  /** Asks for names that only the entry tells. */
  async #isSince(names: readonly Name[], stamp: number): Promise<boolean> {
    if (names.length === 0) return true;
    const check = await this.#cache.log.check(names.map(({ text }) => text));
    return check !== undefined && check.invalidatedAt <= stamp;
  }

  #giveBack(key: string, leaseId: string | undefined): void {
    if (leaseId) this.#cache.remote?.connection.release(key, leaseId).catch(() => undefined);
  }

  #staleEntry(flight: Flight<Value>): Filled<Value> | undefined {
    const { staleOnErrorMs, memoryTtlMs } = this.#settings;
    const entry = staleOnErrorMs > 0 ? this.#cache.memory.get(flight.key) : undefined;
    const ageMs = this.#cache.clock.monotonicMs() - (entry?.confirmedAtMs ?? 0);
    if (!entry || ageMs > memoryTtlMs + staleOnErrorMs) return undefined;
    const { loadedAtMs, confirmedAtMs } = entry;
    return { value: entry.value as Value, layer: 'load', loadedAtMs, confirmedAtMs, isStale: true };
  }
}

/** What a look into the layer and the log has shown. */
interface Look<Value> {
  readonly check?: LogCheck | undefined;
  readonly read?: RemoteRead | undefined;
  /** The lease may have been given, whether or not an answer came. */
  readonly isAsked: boolean;
  readonly found?: Filled<Value> | undefined;
}

/** How a load begins. */
interface LoadStart {
  readonly check: LogCheck | undefined;
  readonly reason: CacheLoadMessage['reason'];
  readonly lease?: Lease | undefined;
}

/** A loaded value, kept nowhere yet. */
export interface Loaded<Value> {
  readonly value: Value;
  readonly stamp: number;
  readonly loadedAtMs: number;
  readonly confirmedAtMs: number;
  readonly loadMs: number;
}

interface Stored {
  readonly value: unknown;
  readonly stamp: number;
  readonly loadedAtMs: number;
  readonly loadMs: number;
  readonly leaseId?: string | undefined;
  readonly extraTags?: readonly string[] | undefined;
  readonly ttlMs?: number | undefined;
}
