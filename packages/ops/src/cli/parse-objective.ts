import type { LoadObjectives } from '../load/load-types';
import { parseDuration } from './parse-duration';

const percentiles: Readonly<Record<string, keyof LoadObjectives>> = {
  p50: 'p50Ms',
  p95: 'p95Ms',
  p99: 'p99Ms',
};

/**
 * `p95<200ms`, `errors<0.1%` or `rps>500`, added to the objectives before.
 *
 * @throws TypeError that says what it must be
 */
export function parseObjective(text: string, before: LoadObjectives = {}): LoadObjectives {
  const objective = readObjective(text.replace(/\s+/g, ''));
  const [twice] = Object.keys(objective).filter((name) => name in before);
  if (twice !== undefined) throw new TypeError('It is said twice');
  return { ...before, ...objective };
}

function readObjective(text: string): LoadObjectives {
  const [, percentile = '', time] = /^(p50|p95|p99)<(.+)$/.exec(text) ?? [];
  const name = percentiles[percentile];
  if (name !== undefined && time !== undefined) return { [name]: parseDuration(time) };
  const [, percent] = /^errors<(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  if (percent !== undefined && Number(percent) <= 100) return { errorRate: Number(percent) / 100 };
  const [, rate] = /^rps>(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (rate !== undefined) return { requestsPerSecond: Number(rate) };
  throw new TypeError('It must be such as p95<200ms (p50, p95, p99), errors<0.1% or rps>500');
}
