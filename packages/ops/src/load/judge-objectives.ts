import type { LoadObjectives, LoadReport, Verdict } from './load-types';

/** More errors than this, where no objective says otherwise, and times of the rest say nothing of the target. */
const mostErrorRate = 0.01;

/** Says of each objective whether it was kept. Where nothing was measured, none was. */
export function judgeObjectives(
  objectives: LoadObjectives,
  { total, requestsPerSecond }: Pick<LoadReport, 'total' | 'requestsPerSecond'>,
): readonly Verdict[] {
  const { requests, errors, latency } = total;
  const errorRate = requests === 0 ? 0 : errors / requests;
  const whyNoLatency = reasonAgainstLatency(total, errorRate, objectives.errorRate);
  const limits = [
    ['p50', objectives.p50Ms, latency.p50Ms, ' ms', whyNoLatency],
    ['p95', objectives.p95Ms, latency.p95Ms, ' ms', whyNoLatency],
    ['p99', objectives.p99Ms, latency.p99Ms, ' ms', whyNoLatency],
    ['error rate', objectives.errorRate, errorRate, '', requests === 0 ? 'no request was made' : undefined],
  ] as const;
  const atMost = limits.flatMap(([name, most, measured, unit, reason]) =>
    most === undefined
      ? []
      : [
          {
            objective: `${name} ≤ ${most}${unit}`,
            measured,
            kept: reason === undefined && measured <= most,
            ...(reason !== undefined && { reason }),
          },
        ],
  );
  const { requestsPerSecond: least } = objectives;
  if (least === undefined) return atMost;
  const rate = { objective: `requests per second ≥ ${least}`, measured: requestsPerSecond };
  return [...atMost, { ...rate, kept: requestsPerSecond >= least }];
}

/** A target that refuses at once is not fast. */
function reasonAgainstLatency(
  { latency }: LoadReport['total'],
  errorRate: number,
  allowed = mostErrorRate,
): string | undefined {
  if (latency.maxMs === 0) return 'no latency was measured';
  if (errorRate <= allowed) return undefined;
  return `${percent(errorRate)} of requests failed, and latency counts up to ${percent(allowed)}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
