import { monotonicMs } from './monotonic-ms.mjs';

/**
 * The truth: a version for each key, in one process, so that what a write has done every later read sees. Remembers
 * when each version came.
 */
export class Database {
  reads = 0;
  writes = 0;
  /** By key: its writes in order, each with when it was made, when the invalidation after it resolved, and when the log had it. */
  #keys;

  constructor(keys) {
    this.#keys = Array.from({ length: keys }, () => ({ locked: false, writes: [] }));
  }

  read(key) {
    this.reads += 1;
    return this.#keys[key].writes.length;
  }

  write(key) {
    const { writes } = this.#keys[key];
    this.writes += 1;
    writes.push({ writtenAt: monotonicMs(), resolvedAt: Infinity, acknowledgedAt: Infinity });
    return writes.length;
  }

  /** For those who write and then `set`: nothing but a lock keeps two of them in order. */
  lock(key) {
    const isFree = !this.#keys[key].locked;
    this.#keys[key].locked = true;
    return isFree;
  }

  unlock(key) {
    this.#keys[key].locked = false;
  }

  /** The invalidation after a write has resolved. */
  settle(key, version, { resolvedAt, acknowledged }) {
    const write = this.#keys[key].writes[version - 1];
    write.resolvedAt = resolvedAt;
    if (acknowledged) write.acknowledgedAt = resolvedAt;
  }

  /** For each key and version, since when it was known to be old: by the first later write that came so far. */
  oldSince() {
    return this.#keys.map(({ writes }) => {
      const since = { writtenAt: Infinity, resolvedAt: Infinity, acknowledgedAt: Infinity };
      const byVersion = [since];
      for (const write of writes.toReversed()) {
        const next = { ...byVersion.at(-1) };
        for (const name of Object.keys(since)) next[name] = Math.min(next[name], write[name]);
        byVersion.push(next);
      }
      return byVersion.toReversed();
    });
  }
}
