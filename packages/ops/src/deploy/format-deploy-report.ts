import { formatTable } from '../format-table';
import type { Comparison, DeployReport, ReleaseCounts } from './deploy-types';

/** A report as text, for a terminal: steps, how the releases compared, and what became of it last. */
export function formatDeployReport(report: DeployReport): string {
  const { steps, comparisons, output, warnings } = report;
  const sections = [
    steps.length > 0
      ? formatTable(
          [
            ['step', 'outcome', 'seconds', 'detail'],
            ...steps.map(({ name, outcome, durationMs, detail }) => [
              name,
              outcome,
              seconds(durationMs),
              detail.replace(/\s+/g, ' '),
            ]),
          ],
          4,
        )
      : [],
    comparisons.length > 0
      ? formatTable(
          [
            ['compared', 'verdict', 'new: requests', 'failed', 'mean', 'old: requests', 'failed', 'mean'],
            ...comparisons.map(comparisonRow),
          ],
          2,
        )
      : [],
    output ? ['what it said last:', ...output.split('\n').slice(-20)] : [],
    warnings.map((warning) => `warning: ${warning}`),
    [conclusionOf(report)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function comparisonRow({ step, verdict, canary, running }: Comparison): string[] {
  return [step, verdict, ...countCells(canary), ...countCells(running)];
}

function countCells({ requests, failed, meanMs }: ReleaseCounts): string[] {
  return [count(requests), count(failed), meanMs === null ? '-' : `${count(Math.round(meanMs))} ms`];
}

function conclusionOf(report: DeployReport): string {
  const { outcome, release, from, to, serving, reason, durationMs } = report;
  const { detectedAfterMs, rolledBackAfterMs } = report;
  if (outcome === 'planned') return `${release} would go to ${to}; ${from ?? 'nobody'} has the users`;
  if (outcome === 'promoted')
    return `promoted: ${release} in ${to} has the users, after ${seconds(durationMs)} s`;
  const detected = `detected after ${seconds(detectedAfterMs ?? 0)} s`;
  const back = rolledBackAfterMs === undefined ? '' : `, users back after ${seconds(rolledBackAfterMs)} s`;
  const who = serving === undefined ? 'nobody has the users' : `${serving} has the users`;
  return `${outcome.toUpperCase()}: ${reason}; ${detected}${back}; ${who}`;
}

function seconds(durationMs: number): string {
  return (durationMs / 1_000).toFixed(1);
}

function count(value: number): string {
  return value.toLocaleString('en');
}
