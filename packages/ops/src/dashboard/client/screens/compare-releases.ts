import type { ReleasesScreen, Verdict } from '../../screen-types';
import { shareOf } from '../format/numbers';
import { duration } from '../format/times';

type Release = ReleasesScreen['rows'][number];

/** Fewer requests than this prove nothing. */
const fewestRequests = 100;

/** Whether one release is worse than another, in one sentence. */
export function compareReleases(
  one: Release,
  other: Release,
): { readonly verdict: Verdict; readonly sentence: string } {
  const poorest = one.requests < other.requests ? one : other;
  if (poorest.requests < fewestRequests) {
    return {
      verdict: 'none',
      sentence: `Too little to compare: ${poorest.release} has ${poorest.requests} requests.`,
    };
  }
  const failed = `${shareOf(one.errors, one.requests)} failed, against ${shareOf(other.errors, other.requests)}`;
  if (one.errors / one.requests > 2 * (other.errors / other.requests) + 0.001) {
    return { verdict: 'down', sentence: `${one.release} fails more: ${failed}.` };
  }
  if (one.p95Ms !== null && other.p95Ms !== null && one.p95Ms > 1.5 * other.p95Ms) {
    const sentence = `${one.release} is slower: p95 ${duration(one.p95Ms)}, against ${duration(other.p95Ms)}.`;
    return { verdict: 'warn', sentence };
  }
  return { verdict: 'ok', sentence: `${one.release} is no worse than ${other.release}: ${failed}.` };
}
