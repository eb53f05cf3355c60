/** What docs/scaling.md supposes of an application. Yours is another one: change a value, and do the sums again. */
export const assumptions = {
  /** Requests a second, of the whole service. */
  loads: [10_000, 1_000_000],
  /** That one process serves: docs/operations/capacity.md, one of one processor at 60 %. */
  requestsPerProcess: 150,
  /** Of a processor, or of a Redis, that is planned with. */
  busyShare: 0.6,
  /** Of the requests, that write and invalidate. */
  writeShare: 0.05,
  /** Values that a request wants of the cache. */
  cacheReads: 2,
  /** Of them, found in the process, where requests go to any process: simulate-fleet-cache. */
  memoryHitShare: 0.6,
  /** Of the rest, found in Redis. */
  redisHitShare: 0.8,
  /** Names that one invalidation has: the row, its list, its tenant's. */
  namesPerInvalidation: 3,
  /** Longest time for which an entry lives in Redis, in seconds. */
  entryTtlS: 600,
};

/** @param {number} load requests a second */
export const processesAt = (load) => Math.ceil(load / assumptions.requestsPerProcess);
