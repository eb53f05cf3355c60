/** Reads that took longer than this are counted, in milliseconds. */
const longReadMs = 1_000;
/** Shares of memory hits are looked at in pieces of this length, in milliseconds. */
const bucketMs = 100;

/**
 * Holds the reads of a phase against the writes.
 *
 * @param reads of all workers: who, which key, which version (-1 when it failed), when it began and ended, from where
 * @param oldSince see `Database.oldSince`
 * @param during what was done when: `settledAt` since when nobody wrote and all could have known, `faultEndedAt`,
 *   `excused` who was stopped himself, and when
 */
export function judge(reads, oldSince, { settledAt, faultAt, faultEndedAt, excused = [] }) {
  const staleness = { resolvedAt: [], acknowledgedAt: [], writtenAt: [] };
  let failed = 0;
  let slow = 0;
  let oldAtTheEnd = 0;
  let worst;
  for (const read of reads) {
    const { worker, key, version, beganAt, endedAt } = read;
    const isExcused = excused.some(
      (each) => each.worker === worker && beganAt < each.to && endedAt > each.from,
    );
    if (!isExcused && endedAt - beganAt > longReadMs) slow += 1;
    if (version < 0) {
      if (!isExcused) failed += 1;
      continue;
    }
    const since = oldSince[key][version];
    for (const [name, values] of Object.entries(staleness)) {
      const ms = beganAt - since[name];
      if (ms <= 0) continue;
      values.push(ms);
      if (name === 'resolvedAt' && ms > (worst?.ms ?? 0)) worst = { ms, ...read, ...since };
    }
    if (beganAt >= settledAt && since.resolvedAt < settledAt) oldAtTheEnd += 1;
  }
  return {
    reads: reads.length,
    failed,
    slow,
    slowestMs: Math.max(0, ...slowest(reads, excused)),
    oldAtTheEnd,
    old: staleness.resolvedAt.length,
    maxMs: quantile(staleness.resolvedAt, 1),
    p99Ms: quantile(staleness.resolvedAt, 0.99),
    p99OfAllMs: quantile(
      staleness.resolvedAt,
      1 - 0.01 * (reads.length / Math.max(1, staleness.resolvedAt.length)),
    ),
    acknowledgedMaxMs: quantile(staleness.acknowledgedAt, 1),
    writtenMaxMs: quantile(staleness.writtenAt, 1),
    memoryBackMs: faultEndedAt === undefined ? undefined : memoryBackMs(reads, faultAt, faultEndedAt),
    worst,
  };
}

function* slowest(reads, excused) {
  let longest = 0;
  for (const { worker, beganAt, endedAt } of reads) {
    if (excused.some((each) => each.worker === worker && beganAt < each.to && endedAt > each.from)) continue;
    longest = Math.max(longest, endedAt - beganAt);
  }
  yield longest;
}

function quantile(values, share) {
  if (values.length === 0 || share <= 0) return 0;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

/** From the fault's end until every worker has nine tenths of the share of memory hits again that he had before it. */
function memoryBackMs(reads, faultAt, faultEndedAt) {
  const workers = new Map();
  for (const { worker, layer, beganAt } of reads) {
    if (layer === undefined) continue;
    const at = Math.floor((beganAt - faultEndedAt) / bucketMs);
    if (beganAt >= faultAt && at < 0) continue;
    const counts = workers.get(worker) ?? new Map();
    workers.set(worker, counts);
    const bucket = counts.get(Math.max(at, -1)) ?? { hits: 0, all: 0 };
    counts.set(Math.max(at, -1), bucket);
    bucket.all += 1;
    if (layer === 'memory') bucket.hits += 1;
  }
  const share = ({ hits, all } = { hits: 0, all: 1 }) => hits / all;
  const backMs = [...workers.values()].map((counts) => {
    const before = share(counts.get(-1));
    const back = [...counts].filter(([at, bucket]) => at >= 0 && share(bucket) >= 0.9 * before);
    return back.length === 0 ? Infinity : Math.min(...back.map(([at]) => at)) * bucketMs;
  });
  return Math.max(...backMs);
}
