import { seeToken } from '../database-token';
import type { CacheInternals } from '../internal-types';
import { nameOf } from '../log/names';
import { checkedTags } from '../tags/checked-tags';
import type { Lookup } from '../types';
import type { DefinitionSettings } from './definition-types';
import type { Fill } from './fill';
import type { Filled, Flight } from './flight';
import { keepEntry } from './keep-entry';

type Put<Value> = Extract<Lookup<Value>, { hit: false }>['put'];

/**
 * Looks into the remote layer, unless the value is to be made afresh; on a miss gives the means to keep what somebody
 * else makes. His session reads from a database node that has seen the write behind the last invalidation.
 */
export async function lookup<Value>(
  cache: CacheInternals,
  settings: DefinitionSettings,
  fill: Fill<Value>,
  flight: Flight<Value>,
  isFresh: boolean,
): Promise<Filled<Value> | { readonly put: Put<Value> }> {
  const { log, view, clock, remote, database } = cache;
  const names = flight.names.map(({ text }) => text);
  const startedAtMs = clock.monotonicMs();
  const loadedAtMs = clock.wallMs();
  try {
    const isUp = remote && !isFresh && !remote.health.isDown;
    const failed = (error: unknown): void => remote?.health.failed(error);
    const read = isUp ? await remote.connection.read(flight.key).catch(failed) : undefined;
    const recalled = read?.entry && log.recall(names, read.entry.stamp);
    const check = recalled ?? (await log.check(names));
    const found = check && read?.entry && (await fill.open(flight, check, read.entry));
    if (found) return found;
    seeToken(database, check ? check.token : log.pendingToken(names));
    return { put: putAfter(check?.stamp) };
  } finally {
    view.names.release(flight.names);
  }

  function putAfter(stamp: number | undefined): Put<Value> {
    return async (value, { tags = [], ttlMs = Number.POSITIVE_INFINITY } = {}) => {
      const extraTags = checkedTags(tags);
      const all = [...names, ...extraTags.map(nameOf.tag)];
      const held = all.map((text) => view.names.hold(text));
      try {
        const check = stamp === undefined ? undefined : await log.check(all);
        if (stamp !== undefined && (!check || check.invalidatedAt > stamp)) return false;
        const entry = {
          value,
          stamp: stamp ?? flight.baseline,
          loadedAtMs,
          confirmedAtMs: startedAtMs,
          extraTags,
        };
        const loadMs = clock.monotonicMs() - startedAtMs;
        if (flight.generation !== view.generation) return false;
        // Not asked for in the log, and the names were not held: whatever was invalidated since may have been this.
        if (stamp === undefined && view.position !== flight.baseline) return false;
        const freshUntilMs = clock.monotonicMs() + Math.min(settings.memoryTtlMs, ttlMs);
        keepEntry(
          cache,
          { ...flight, key: flight.key, names: held.slice(0, names.length) },
          { ...entry, loadMs, freshUntilMs },
        );
        if (stamp === undefined) return true;
        await fill.store(flight, { ...entry, loadMs, ttlMs: Math.min(settings.remoteTtlMs, ttlMs) });
        return true;
      } finally {
        view.names.release(held);
      }
    };
  }
}
