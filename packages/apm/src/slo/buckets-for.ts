import type { Slo } from './slo-types';

/** From half a millisecond, of which a cached answer takes a few, to ten seconds. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Upper bounds of a histogram of durations, in seconds. Each `underMs` is a bound itself, so that good requests are
 * counted and not estimated.
 */
export function bucketsFor(slos: readonly Slo[]): readonly number[] {
  const own = slos.map(boundOf).filter((bound) => bound !== undefined);
  return [...new Set([...bounds, ...own])].sort((one, other) => one - other);
}

/** `underMs` in seconds. */
export function boundOf({ underMs }: Slo): number | undefined {
  return underMs === undefined ? undefined : underMs / 1_000;
}
