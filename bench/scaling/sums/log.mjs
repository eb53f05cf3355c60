import { assumptions, cellLoad, processesAt, tenantsAt } from '../assumptions.mjs';
import { zipfShares } from '../random.mjs';
import { bytes, loadName, num, percent } from './words.mjs';

/** Defaults of createCache and redisLayer, in packages/cache. */
const pollsPerS = 1_000 / 50;
const entriesPerPoll = 500;
const maxLogNames = 100_000;
const maxLogEntries = 10_000;

/** The log of one namespace, whose stream lies on one shard, however many there are. */
export function logSums(units, load) {
  const { busyShare, writeShare } = assumptions;
  const processes = processesAt(load);
  const writes = load * writeShare;
  const appends = writes * units.logAppendUs;
  const polls = processes * pollsPerS * units.logPollUs;
  const handed = writes * processes * units.logEntryUs;
  const planned = busyShare * 1e6;
  return {
    processes,
    writes,
    appends,
    polls,
    handed,
    ofOneRedis: (appends + polls + handed) / planned,
    mostWrites: Math.max(0, (planned - polls) / (units.logAppendUs + processes * units.logEntryUs)),
    sentBytes: writes * processes * units.logEntrySentBytes,
    heardShare: (writes * units.logEntryHeardUs) / 1e6,
  };
}

export function logTable(units) {
  const { loads } = assumptions;
  const sums = loads.map((load) => logSums(units, load));
  const row = (what, cell) => [what, ...sums.map(cell)];
  const seconds = (us) => `${num(us / 1e6)} s/s`;
  return [
    ['the log of one namespace', ...loads.map(loadName)],
    row('processes P', ({ processes }) => num(processes)),
    row('invalidations a second w', ({ writes }) => num(writes)),
    row(`appends: w × ${num(units.logAppendUs)} µs`, ({ appends }) => seconds(appends)),
    row(`polls: P × ${pollsPerS} × ${num(units.logPollUs)} µs`, ({ polls }) => seconds(polls)),
    row(`handed out: w × P × ${num(units.logEntryUs)} µs`, ({ handed }) => seconds(handed)),
    row(`of one Redis, as it is planned`, ({ ofOneRedis }) => percent(ofOneRedis)),
    row(`sent: w × P × ${num(units.logEntrySentBytes)} B`, ({ sentBytes }) => `${bytes(sentBytes)}/s`),
    row(`of each process: w × ${num(units.logEntryHeardUs)} µs`, ({ heardShare }) => percent(heardShare)),
    row(`of the ${num(entriesPerPoll * pollsPerS)} a second that a process can hear`, ({ writes }) =>
      percent(writes / (entriesPerPoll * pollsPerS)),
    ),
    row(
      `time that ${num(maxLogEntries)} entries cover, for a process that stood still`,
      ({ writes }) => `${num(maxLogEntries / writes)} s`,
    ),
  ];
}

/** How unevenly rows are written. */
const cases = [0, 0.6, 0.8];

export function horizonTable(units) {
  const writes = cellLoad * assumptions.writeShare;
  return [
    [
      `${num(writes)} invalidations a second, of rows`,
      `names within ${assumptions.entryTtlS} s`,
      'in Redis',
      `${num(maxLogNames)} names cover`,
      '1,000,000 cover',
    ],
    ...cases.map((exponent) => {
      const after = namesAfter(writes, exponent);
      const names = after(assumptions.entryTtlS);
      return [
        exponent === 0 ? 'as often each' : `by Zipf ${exponent}`,
        num(names),
        bytes(names * units.logNameBytes),
        ...[maxLogNames, 1e6].map((most) => secondsText(timeUntil(after, most))),
      ];
    }),
  ];
}

/** How many names were invalidated at least once: each row has two of its own, and its tenant one. */
function namesAfter(writes, exponent) {
  const rows = zipfShares(tenantsAt(cellLoad) * 50, exponent);
  const tenants = zipfShares(tenantsAt(cellLoad), 1);
  return (seconds) => 2 * seen(rows, writes * seconds) + seen(tenants, writes * seconds);
}

/** One share stands for its neighbours, which are as good as the same. */
function seen(shares, count) {
  const stands = 20;
  let sum = 0;
  for (let rank = stands / 2; rank < shares.length; rank += stands)
    sum -= stands * Math.expm1(-shares[rank] * count);
  return sum;
}

function timeUntil(namesAfterS, most) {
  let [low, high] = [0, 86_400];
  if (namesAfterS(high) < most) return Number.POSITIVE_INFINITY;
  for (let step = 0; step < 24; step += 1) {
    const middle = (low + high) / 2;
    if (namesAfterS(middle) < most) low = middle;
    else high = middle;
  }
  return low;
}

const secondsText = (seconds) =>
  seconds === Number.POSITIVE_INFINITY ? 'a day and more' : `${num(seconds)} s`;

export function logSummary(units) {
  const cell = logSums(units, cellLoad);
  return {
    design: '[cache](#the-invalidation-log): the invalidation log of a namespace',
    unit: `${num(units.logAppendUs)} µs of Redis an append, ${num(units.logPollUs)} a poll, ${num(units.logEntryUs)} an entry for each reader`,
    limit: `${num(cell.mostWrites)} invalidations/s for ${num(cell.processes)} processes`,
    cells: assumptions.loads.map((load) =>
      `${percent(logSums(units, load).ofOneRedis)} of one Redis`.replace('times of', 'times'),
    ),
    next: '[cells](#cells), each with a namespace of its own: load × load is what it grows with',
  };
}
