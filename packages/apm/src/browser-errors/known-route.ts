import type { Clock } from '@unite/core';
import type { Apm } from '../types';

/** How long the routes that this server has served are not read again, in milliseconds. */
const rereadMs = 1_000;
/** Templates that paths are compared with, and segments of a path. */
const maxTemplates = 2_000;
const maxSegments = 30;

/** What routes there are. */
export interface KnownRouteOptions {
  readonly routes: readonly string[];
  readonly clock: Clock;
}

/**
 * The template of a page's route, where this server has served it or the application names it: what a page says is
 * whatever anybody likes, and each text would be a series of its own. A page that does not know its template is found by
 * its path.
 */
export function knownRoute(
  apm: Pick<Apm, 'routes'>,
  { routes, clock }: KnownRouteOptions,
): (route: unknown, path: unknown) => string {
  let known = new Map<string, readonly string[]>();
  let readAtMs = Number.NEGATIVE_INFINITY;
  return (route, path) => {
    const found = find(route, path);
    const nowMs = clock.monotonicMs();
    if (found !== undefined || nowMs - readAtMs < rereadMs) return found ?? 'unmatched';
    readAtMs = nowMs;
    const templates = [...routes, ...apm.routes().map((one) => one.route)].slice(0, maxTemplates);
    known = new Map(templates.map(withoutMethod).map((template) => [template, segmentsOf(template)]));
    return find(route, path) ?? 'unmatched';
  };

  function find(route: unknown, path: unknown): string | undefined {
    const template = typeof route === 'string' ? withoutMethod(route) : '';
    if (known.has(template)) return template;
    return typeof path === 'string' && path.startsWith('/') ? bestMatch(known, path) : undefined;
  }
}

function withoutMethod(route: string): string {
  return route.replace(/^GET /, '');
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

/** Where several match, the one that is told apart from the others first: `/contacts/new` before `/contacts/[id]`. */
function bestMatch(known: ReadonlyMap<string, readonly string[]>, path: string): string | undefined {
  const segments = segmentsOf(path.split(/[?#]/)[0] ?? '');
  if (segments.length > maxSegments) return undefined;
  let best: { readonly template: string; readonly rank: string } | undefined;
  for (const [template, wanted] of known) {
    if (!template.startsWith('/') || !matches(wanted, segments)) continue;
    const rank = wanted.map(rankOf).join('');
    if (best === undefined || rank < best.rank) best = { template, rank };
  }
  return best?.template;
}

function matches(wanted: readonly string[], segments: readonly string[]): boolean {
  for (const [index, want] of wanted.entries()) {
    if (optionalRest.test(want)) return true;
    const segment = segments[index];
    if (segment === undefined) return false;
    if (rest.test(want)) return true;
    if (want !== segment && !parameter.test(want)) return false;
  }
  return wanted.length === segments.length;
}

/** `[[...rest]]` of Next.js and `{*rest}` of Express match nothing, too. */
const optionalRest = /^(?:\[\[\.\.\.[^\]]+\]\]|\{\*\w+\})$/;
const rest = /^(?:\[\.\.\.[^\]]+\]|\*\w*)$/;
const parameter = /^(?:\[[^\]]+\]|:\w+)$/;

function rankOf(segment: string): string {
  if (optionalRest.test(segment)) return '3';
  if (rest.test(segment)) return '2';
  return parameter.test(segment) ? '1' : '0';
}
