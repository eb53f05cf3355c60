import type { BudgetReport } from './budget/budget-types';
import type { MetricRegistry } from './metrics';
import type { SinkStats } from './sink-types';
import type { SloReport } from './slo/slo-types';

/** What the set-up tells of itself. */
export interface SelfReports {
  stats(): readonly ({ readonly name: string } & SinkStats)[];
  slos(): readonly SloReport[];
  budget(): Pick<BudgetReport, 'budgets'>;
  lostRuns(): number;
}

/**
 * Puts what became of errors, how objectives stand and what budgets are left into metrics, so that rules can watch them.
 *
 * @returns call it now and then: counters are put as what was added since the last call
 */
export function createSelfReport(registry: MetricRegistry, reports: SelfReports): () => void {
  const told = new Map<string, number>();
  declare(registry);

  return () => {
    for (const { name: sink, accepted, sent, queued, dropped } of reports.stats()) {
      add('apm_sink_accepted_total', accepted, { sink });
      add('apm_sink_sent_total', sent, { sink });
      registry.put('apm_sink_queued', queued, { sink });
      for (const [reason, count] of Object.entries(dropped))
        add('apm_sink_dropped_total', count, { sink, reason });
    }
    for (const { slo, burnRates } of reports.slos()) {
      for (const [window, rate] of Object.entries(burnRates)) {
        if (rate !== undefined) registry.put('slo_burn_rate', rate, { slo: slo.name, window });
      }
    }
    for (const { unit, used, perDay } of reports.budget().budgets) {
      registry.put('apm_budget_used_ratio', used / perDay, { unit });
    }
    registry.put('apm_lost_runs', reports.lostRuns());
  };

  function add(metric: string, total: number, labels: Readonly<Record<string, string>>): void {
    const key = `${metric} ${Object.values(labels).join(' ')}`;
    registry.put(metric, Math.max(0, total - (told.get(key) ?? 0)), labels);
    told.set(key, total);
  }
}

function declare(registry: MetricRegistry): void {
  const sink = ['sink'];
  registry.declare('apm_sink_accepted_total', {
    kind: 'counter',
    help: 'What a sink was given',
    labels: sink,
  });
  registry.declare('apm_sink_sent_total', { kind: 'counter', help: 'What a sink has sent', labels: sink });
  registry.declare('apm_sink_queued', { kind: 'gauge', help: 'What waits in a sink', labels: sink });
  registry.declare('apm_sink_dropped_total', {
    kind: 'counter',
    help: 'What a sink has dropped, by why',
    labels: ['sink', 'reason'],
  });
  registry.declare('slo_burn_rate', {
    kind: 'gauge',
    help: 'How fast the budget of errors is used: 1 uses it up at the end of the days of the objective',
    labels: ['slo', 'window'],
  });
  registry.declare('apm_budget_used_ratio', {
    kind: 'gauge',
    help: 'Share of what may be sent in a day that was sent',
    labels: ['unit'],
  });
  registry.declare('apm_lost_runs', {
    kind: 'gauge',
    help: 'Earlier runs that ended without closing, found at the start',
  });
}
