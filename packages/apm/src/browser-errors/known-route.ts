import type { Apm } from '../types';

/** How long the routes that were seen are good for, in milliseconds. */
const ttlMs = 10_000;

/**
 * A page's route, where this server has served it: what a page says is whatever anybody likes, and each text would be a
 * series of its own.
 */
export function knownRoute(apm: Pick<Apm, 'routes'>): (route: unknown) => string {
  let known = new Set<string>();
  let readAtMs = Number.NEGATIVE_INFINITY;
  return (route) => {
    const nowMs = performance.now();
    if (nowMs - readAtMs > ttlMs) {
      known = new Set(apm.routes().flatMap((one) => [one.route, one.route.replace(/^GET /, '')]));
      readAtMs = nowMs;
    }
    return typeof route === 'string' && known.has(route) ? route.replace(/^GET /, '') : 'unmatched';
  };
}
