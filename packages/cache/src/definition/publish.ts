import { randomUUID } from 'node:crypto';
import { databaseToken } from '../database-token';
import type { CacheInternals } from '../internal-types';
import { isSince } from '../log/log-view';
import { nameOf } from '../log/names';
import type { AppendRequest } from '../remote-types';
import type { InvalidationReceipt, LoadCall } from '../types';
import type { DefinitionSettings } from './definition-types';
import type { Fill, Loaded } from './fill';
import type { Flight } from './flight';
import { keepEntry } from './keep-entry';

/** For how long others wait for the new entry instead of loading it, in milliseconds. */
const leaseMs = 1_000;
/** What was invalidated during a refresh is loaded once more. */
const maxAttempts = 2;

type Guard = NonNullable<AppendRequest['unless']>;

/** Invalidates names, and knows which tags follow from others. */
export interface Invalidations {
  invalidate(names: readonly string[]): Promise<InvalidationReceipt>;
  expand(tags: readonly string[]): readonly string[];
}

/** Puts new values into the place of old ones, for all processes. */
export class Publish<Value> {
  readonly #invalidations: Invalidations;
  readonly #cache: CacheInternals;
  readonly #settings: DefinitionSettings;
  readonly #fill: Fill<Value>;
  readonly #flights: Map<string, Flight<Value>>;

  constructor(
    cache: CacheInternals,
    settings: DefinitionSettings,
    fill: Fill<Value>,
    flights: Map<string, Flight<Value>>,
    invalidations: Invalidations,
  ) {
    this.#cache = cache;
    this.#settings = settings;
    this.#fill = fill;
    this.#flights = flights;
    this.#invalidations = invalidations;
  }

  async set(flight: Flight<Value>, value: Value): Promise<InvalidationReceipt> {
    const token = await databaseToken(this.#cache);
    const { acknowledged } = await this.#publish(flight, this.#given(value), [], { token });
    return { acknowledged, tags: [] };
  }

  async refresh(
    newFlight: () => Flight<Value>,
    load: (call: LoadCall) => Promise<Value> | Value,
  ): Promise<Value> {
    let attempt = 1;
    for (;;) {
      const flight = newFlight();
      const names = flight.names.map(({ text }) => text);
      const check = await this.#cache.log.check(names);
      const loaded = await this.#fill
        .load(flight, load, { check, reason: 'refresh' })
        .catch((error: unknown) => {
          this.#cache.view.names.release(flight.names);
          throw error;
        });
      const { isKept } = await this.#publish(flight, loaded, [], { unless: { names, after: loaded.stamp } });
      if (isKept || attempt === maxAttempts) return loaded.value;
      attempt += 1;
    }
  }

  async writeThrough(
    flight: Flight<Value>,
    work: () => Promise<Value> | Value,
    tagsOf: () => readonly string[],
  ): Promise<Value> {
    const names = flight.names.map(({ text }) => text);
    const check = await this.#cache.log.check(names);
    let value: Value;
    let tags: readonly string[] = [];
    try {
      try {
        value = await work();
      } finally {
        tags = this.#invalidations.expand(tagsOf()).map(nameOf.tag);
      }
    } catch (error) {
      // It may have taken effect all the same, and has where only its tags cannot be told.
      this.#cache.view.names.release(flight.names);
      await this.#invalidations.invalidate([nameOf.key(flight.key), ...tags]);
      throw error;
    }
    const token = await databaseToken(this.#cache);
    const unless: Guard = { names, after: check?.stamp ?? flight.baseline };
    const { isKept } = await this.#publish(flight, this.#given(value), tags, { token, unless });
    if (!isKept) await this.#invalidations.invalidate([nameOf.key(flight.key), ...tags]);
    return value;
  }

  /** Invalidates the entry, with what else has changed, and keeps the new one, unless a guard holds it back. */
  async #publish(
    flight: Flight<Value>,
    loaded: Omit<Loaded<Value>, 'stamp'>,
    others: readonly string[],
    options: { readonly token?: string | undefined; readonly unless?: Guard | undefined },
  ): Promise<{ readonly acknowledged: boolean; readonly isKept: boolean }> {
    const { log, view, clock, remote } = this.#cache;
    const { key } = flight;
    const lease = { id: randomUUID(), ttlMs: leaseMs };
    if (remote && !remote.health.isDown) await remote.connection.lease(key, lease).catch(() => false);
    // While it was made it may have become old already; the log will say so, and until then it stands for nothing.
    const isNewest = !options.unless || isSince(flight.names, options.unless.after);
    const telling = log.invalidate([nameOf.key(key), ...others], options);
    if (isNewest) this.#standIn(flight, loaded);
    const { acknowledged, position } = await telling;
    try {
      // Nothing comes that others could wait for.
      if (!acknowledged || position === undefined) {
        remote?.connection.release(key, lease.id).catch(() => undefined);
      }
      if (position === undefined) return { acknowledged, isKept: false };
      const isKept = flight.mayKeep(view, position);
      const freshUntilMs = clock.monotonicMs() + this.#settings.memoryTtlMs;
      if (isKept) keepEntry(this.#cache, flight, { ...loaded, stamp: position, freshUntilMs });
      if (acknowledged) await this.#fill.store(flight, { ...loaded, stamp: position, leaseId: lease.id });
      return { acknowledged, isKept };
    } finally {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
      view.names.release(flight.names);
    }
  }

  /** While the log is told, reads in this process get the new value already. */
  #standIn(flight: Flight<Value>, loaded: Omit<Loaded<Value>, 'stamp'>): void {
    const { value, loadedAtMs, confirmedAtMs } = loaded;
    flight.baseline = this.#cache.view.position;
    flight.promise = Promise.resolve({ value, layer: 'load', loadedAtMs, confirmedAtMs, isStale: false });
    this.#flights.set(flight.key, flight);
  }

  #given(value: Value): Omit<Loaded<Value>, 'stamp'> {
    const { clock } = this.#cache;
    return { value, loadedAtMs: clock.wallMs(), confirmedAtMs: clock.monotonicMs(), loadMs: 0 };
  }
}
