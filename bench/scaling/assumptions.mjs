/** What docs/scaling.md supposes of an application. Yours is another one: change a value, and do the sums again. */
export const assumptions = {
  /** Requests a second, of the whole service. */
  loads: [10_000, 1_000_000],
  /** That one process serves: docs/operations/capacity.md, a route of the API, one processor at 60 %. */
  requestsPerProcess: 150,
  /** Of a processor, or of a Redis, that is planned with. */
  busyShare: 0.6,
  /** Tenants that come within an hour, for each request a second; as busy as Zipf with the exponent 1 has it. */
  tenantsPerRequest: 2,
  /** Of the requests, that write and invalidate. */
  writeShare: 0.05,
  /** Values that a request wants of the cache. */
  cacheReads: 2,
  /** Names that one invalidation has: the row, its list, its tenant’s. */
  namesPerInvalidation: 3,
  /** Longest time for which an entry lives in Redis, in seconds. */
  entryTtlS: 600,
  /** Statements to the database for a request, those included that fill the cache, and what one takes of a read by key. */
  databaseReads: 0.5,
  readTimes: 10,
  /** Of reads, that follow a write of their session. */
  ownReadShare: 0.05,
  /** Processors of a PostgreSQL server. */
  databaseProcessors: 16,
  replicas: 2,
  spansPerRequest: 8,
  /** Of the traces, that are kept: the ratio, errors and slow ones. */
  keptShare: 0.02,
  /** Time for which a request is open, and for which a Collector waits for the rest of a trace, in seconds. */
  requestS: 0.1,
  collectorWaitS: 10,
  /** Route templates, each with so many statuses; metrics are read so often, in seconds. */
  routes: 100,
  statusesPerRoute: 2,
  scrapeEveryS: 15,
  /** Days for which events of the ledger are kept: the running and the last billing period. */
  ledgerDays: 62,
};

/** What one cell serves, where the service is cut into cells. */
export const cellLoad = 10_000;

/** @param {number} load requests a second */
export const processesAt = (load) => Math.ceil(load / assumptions.requestsPerProcess);

export const tenantsAt = (load) => load * assumptions.tenantsPerRequest;
