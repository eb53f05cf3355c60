import type { ClusterReport } from '@/lib/ops/cluster-report';

/** Reads a second between two reports. */
export interface ReadRate {
  readonly atMs: number;
  readonly replicas: number;
  readonly primary: number;
}

/** Longer between two reports than this is a gap, of which nothing is known. */
const gapMs = 2_500;

/** A rate for each pair of neighbours; `undefined` for a gap, or where the process was restarted. */
export function readRates(reports: readonly ClusterReport[]): readonly (ReadRate | undefined)[] {
  return reports.slice(1).map((report, index) => {
    const before = reports[index];
    const tookMs = report.atMs - (before?.atMs ?? 0);
    if (!before || tookMs <= 0 || tookMs > gapMs) return undefined;
    const perSecond = (count: 'replicaReads' | 'primaryReads') =>
      ((report.cluster.counts[count] - before.cluster.counts[count]) * 1_000) / tookMs;
    const rate = {
      atMs: report.atMs,
      replicas: perSecond('replicaReads'),
      primary: perSecond('primaryReads'),
    };
    return rate.replicas < 0 || rate.primary < 0 ? undefined : rate;
  });
}
