import type { NowScreen, PulseSecond } from '../../screen-types';
import { LineChart } from '../charts/line-chart';
import { count } from '../format/numbers';
import { duration } from '../format/times';

export interface NowChartsProps {
  readonly data: Pick<NowScreen, 'pulse' | 'releases' | 'latencyGoal'>;
  readonly nowMs: number;
}

const windowMs = 300_000;

/** The last five minutes, one point a second. */
export function NowCharts({ data, nowMs }: NowChartsProps) {
  const { pulse, releases, latencyGoal } = data;
  const points = (of: (second: PulseSecond) => number | null) =>
    pulse.map((second) => ({ atMs: second.atMs, value: of(second) }));
  const frame = {
    fromMs: nowMs - windowMs,
    toMs: nowMs,
    events: releases.map(({ atMs, release }) => ({ atMs, label: release })),
  };
  return (
    <div class="charts">
      <LineChart
        {...frame}
        title="Requests a second"
        format={count}
        atLeast={5}
        series={[
          { label: 'all', points: points(({ requests }) => requests) },
          { label: 'failed', points: points(({ errors }) => errors) },
          { label: 'refused', points: points(({ refused }) => refused) },
        ]}
      />
      <LineChart
        {...frame}
        title="Time to answer"
        format={duration}
        limit={latencyGoal && { value: latencyGoal.underMs, label: latencyGoal.name }}
        series={[
          { label: 'p95', points: points(({ p95Ms }) => p95Ms) },
          { label: 'p50', points: points(({ p50Ms }) => p50Ms) },
        ]}
      />
      <LineChart
        {...frame}
        title="Cache reads a second"
        format={count}
        atLeast={5}
        series={[
          { label: 'reads', points: points(({ cacheReads }) => cacheReads) },
          { label: 'hits', points: points(({ cacheHits }) => cacheHits) },
        ]}
      />
      <LineChart
        {...frame}
        title="Database statements a second"
        format={count}
        atLeast={5}
        series={[
          { label: 'replica reads', points: points(({ replicaReads }) => replicaReads) },
          { label: 'primary reads', points: points(({ primaryReads }) => primaryReads) },
          { label: 'writes', points: points(({ writes }) => writes) },
        ]}
      />
    </div>
  );
}
