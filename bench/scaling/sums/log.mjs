import { assumptions, processesAt } from '../assumptions.mjs';
import { bytes, loadName, num } from './words.mjs';

/** Of redisLayer and of createCache, as they stand in packages/cache. */
export const pollEveryMs = 50;
export const entriesPerPoll = 500;
export const defaultMaxLogNames = 100_000;

/** The invalidation log of one namespace, whose stream lies on one shard, whatever their number. */
export function logSums(units, load) {
  const { busyShare, writeShare, namesPerInvalidation, entryTtlS } = assumptions;
  const processes = processesAt(load);
  const writes = load * writeShare;
  const appends = writes * units.logAppendUs;
  const polls = processes * (1_000 / pollEveryMs) * units.logPollUs;
  const handed = writes * processes * units.logEntryUs;
  const shardUs = appends + polls + handed;
  // One namespace's writes w among P processes: w (append + P entry) + P polls poll = what a shard may be busy.
  const mostWrites = (busyShare * 1e6 - polls) / (units.logAppendUs + processes * units.logEntryUs);
  return {
    processes,
    writes,
    shards: shardUs / (busyShare * 1e6),
    mostWrites: Math.max(0, mostWrites),
    parts: { appends, polls, handed },
    sentBytes: writes * processes * units.logEntrySentBytes,
    heardShare: (writes * units.logEntryHeardUs) / 1e6,
    mostHeard: entriesPerPoll * (1_000 / pollEveryMs),
    names: writes * namesPerInvalidation * entryTtlS,
    namesBytes: writes * namesPerInvalidation * entryTtlS * units.logNameBytes,
    horizonS: defaultMaxLogNames / (writes * namesPerInvalidation),
  };
}

export function logTable(units) {
  const sums = assumptions.loads.map((load) => logSums(units, load));
  const row = (what, cell) => [what, ...sums.map(cell)];
  return [
    ['the log of one namespace', ...assumptions.loads.map(loadName)],
    row('processes P', ({ processes }) => num(processes)),
    row('invalidations a second w', ({ writes }) => num(writes)),
    row(`Redis: appends, w × ${num(units.logAppendUs)} µs`, ({ parts }) => `${num(parts.appends / 1e6)} s/s`),
    row(
      `Redis: polls, P × ${1_000 / pollEveryMs} × ${num(units.logPollUs)} µs`,
      ({ parts }) => `${num(parts.polls / 1e6)} s/s`,
    ),
    row(
      `Redis: entries handed out, w × P × ${num(units.logEntryUs)} µs`,
      ({ parts }) => `${num(parts.handed / 1e6)} s/s`,
    ),
    row('one Redis at its planned share', ({ shards }) => `${num(shards)} times what it can do`),
    row(`sent, w × P × ${num(units.logEntrySentBytes)} B`, ({ sentBytes }) => `${bytes(sentBytes)}/s`),
    row(
      `of each process, w × ${num(units.logEntryHeardUs)} µs`,
      ({ heardShare }) => `${num(heardShare * 100)} %`,
    ),
    row('most that a process can hear, 500 a poll', ({ mostHeard }) => `${num(mostHeard)}/s`),
    row(
      'names to remember, w × 3 × 600 s, all different',
      ({ names, namesBytes }) => `${num(names)}, ${bytes(namesBytes)}`,
    ),
    row(
      `oldest entry that ${num(defaultMaxLogNames)} names leave valid`,
      ({ horizonS }) => `${num(horizonS)} s`,
    ),
  ];
}

export function logSummary(units) {
  return {
    design: 'cache: the invalidation log of a namespace',
    unit: `${num(units.logAppendUs)} µs an append, ${num(units.logPollUs)} µs a poll, ${num(units.logEntryUs)} µs an entry to a reader`,
    limit: `${num(logSums(units, assumptions.loads[0]).mostWrites)} invalidations/s with ${num(processesAt(assumptions.loads[0]))} processes`,
    cells: assumptions.loads.map((load) => {
      const { shards } = logSums(units, load);
      return `${num(shards)} × one Redis`;
    }),
    next: 'cells: a tenant’s requests to the same processes, with a namespace of their own',
  };
}
