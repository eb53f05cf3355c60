import { assumptions, cellLoad, processesAt } from '../assumptions.mjs';
import { entriesSums } from './cache.mjs';
import { logSums } from './log.mjs';
import { loadName, num, percent } from './words.mjs';

/** One service for all, and the same cut into cells. */
export function cellsTable(units, simulated) {
  const load = assumptions.loads.at(-1);
  const cells = load / cellLoad;
  const whole = logSums(units, load);
  const one = logSums(units, cellLoad);
  const row = (what, cell) => [what, cell(load, 1, whole), cell(cellLoad, cells, one)];
  return [
    [loadName(load), 'as one', `as ${num(cells)} cells of ${loadName(cellLoad)}`],
    row('processes that read one log', (part) => num(processesAt(part))),
    row('the log, of one Redis', (_, __, { ofOneRedis }) => percent(ofOneRedis)),
    row('sent by all logs', (_, count, { sentBytes }) => `${num((sentBytes * count) / 1e9)} GB/s`),
    row('of each process, to hear it', (_, __, { heardShare }) => percent(heardShare)),
    row('shards for entries, in all', (part, count) =>
      num(entriesSums(units, simulated, part).shards * count),
    ),
  ];
}

export function machineText({ date, node, processors, model, load }) {
  return `Measured on ${date}: Node.js ${node.slice(1)}, ${processors} processors (${model}), load average ${num(load)}.`;
}

export function assumptionsTable() {
  const a = assumptions;
  return [
    ['supposed', 'value'],
    ['requests a second of a process', num(a.requestsPerProcess)],
    ['planned use of a processor, a Redis, a PostgreSQL', percent(a.busyShare)],
    ['active tenants, for each request a second; by Zipf 1', num(a.tenantsPerRequest)],
    ['requests that write and invalidate', percent(a.writeShare)],
    ['values that a request wants of the cache', num(a.cacheReads)],
    ['names of an invalidation', num(a.namesPerInvalidation)],
    ['longest life of an entry in Redis', `${a.entryTtlS} s`],
    ['reads of the database by a request', num(a.databaseReads)],
    ['one of them, as reads by key', num(a.readTimes)],
    ['reads that follow a write of their session, of requests', percent(a.ownReadShare)],
    ['processors of a PostgreSQL', num(a.databaseProcessors)],
    ['spans of a request', num(a.spansPerRequest)],
    ['traces that are kept', percent(a.keptShare)],
    ['route templates × statuses of each', `${a.routes} × ${a.statusesPerRoute}`],
  ];
}
