/**
 * What reads that follow a write of their session cost, as a replica comes near the rate at which it can replay: how many
 * are served at once, how many wait, and how many go to the primary. Replay is one process that takes records in turn,
 * some of them long, and now and then it stands still for a conflicting query: for its backlog there is no formula.
 *
 * node scaling/simulate-read-your-writes.mjs
 */
import { fileURLToPath } from 'node:url';
import { table } from '../lib/table.mjs';
import { randomOf } from './random.mjs';

/** Of reads.waitForReplicaMs in packages/db-ha. */
const waitForReplicaMs = 50;
const replayMs = 0.05;
/** One commit in a thousand is a batch that takes as long as a thousand. */
const [longShare, longTimes] = [0.001, 1_000];
const [stallEveryMs, stallMs] = [30_000, 300];
const deliveryMs = 1;
const commits = 1_000_000;
export const loads = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95];
/** When the session reads: at once, as after a redirect, or when somebody has looked at a page. */
const thinkMs = { soon: 5, later: 2_000 };

/** @returns {{ load: number, commitsPerS: number, soon: object, later: object, autocommit: object }[]} */
export function simulateReadYourWrites() {
  return loads.map(simulate);
}

function simulate(load) {
  const random = randomOf(11);
  const meanMs = replayMs * (1 - longShare + longShare * longTimes);
  const betweenMs = meanMs / load;
  const committedAtMs = new Float64Array(commits);
  const replayedAtMs = new Float64Array(commits);
  let [nowMs, freeAtMs, nextStallAtMs] = [0, 0, stallEveryMs];
  for (let at = 0; at < commits; at += 1) {
    nowMs += -Math.log(1 - random()) * betweenMs;
    const startMs = Math.max(nowMs + deliveryMs, freeAtMs);
    if (startMs > nextStallAtMs) {
      freeAtMs = startMs + stallMs;
      nextStallAtMs += stallEveryMs;
    }
    freeAtMs = Math.max(startMs, freeAtMs) + replayMs * (random() < longShare ? longTimes : 1);
    committedAtMs[at] = nowMs;
    replayedAtMs[at] = freeAtMs;
  }
  const own = (think) => fates(committedAtMs, (at) => [committedAtMs[at] + think, replayedAtMs[at]]);
  return {
    load,
    commitsPerS: 1_000 / betweenMs,
    soon: own(thinkMs.soon),
    later: own(thinkMs.later),
    autocommit: fates(committedAtMs, (at) => {
      // The position is asked for with the read, and is behind all that was committed by then.
      const readAtMs = committedAtMs[at] + thinkMs.later;
      return [readAtMs, replayedAtMs[lastBefore(committedAtMs, readAtMs)]];
    }),
  };
}

/** Shares of reads that find the replica ready, that wait, and that go to the primary. */
function fates(committedAtMs, readOf) {
  const counts = { atOnce: 0, waited: 0, primary: 0 };
  const last = committedAtMs[commits - 1] - thinkMs.later;
  let reads = 0;
  for (let at = commits >> 3; committedAtMs[at] < last; at += 7) {
    const [readAtMs, reachedAtMs] = readOf(at);
    const waitMs = reachedAtMs - readAtMs;
    counts[waitMs <= 0 ? 'atOnce' : waitMs <= waitForReplicaMs ? 'waited' : 'primary'] += 1;
    reads += 1;
  }
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / reads]));
}

function lastBefore(times, time) {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const shares = ({ atOnce, waited, primary }) =>
    [atOnce, waited, primary].map((share) => share.toFixed(3)).join(' / ');
  const rows = simulateReadYourWrites().map(({ load, commitsPerS, soon, later, autocommit }) => [
    load,
    commitsPerS.toFixed(0),
    shares(soon),
    shares(later),
    shares(autocommit),
  ]);
  console.log(table(['replay busy', 'commits/s', '5 ms after', '2 s after', '2 s after, autocommit'], rows));
}
