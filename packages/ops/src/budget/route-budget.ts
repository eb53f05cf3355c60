import type { EncodedBytes } from './budget-types';
import type { Budgets } from './read-budgets';

/** The budget of a route: what is said for it, else for a pattern, the longer first, else for all. */
export function routeBudget(route: string, budgets: Budgets): Partial<EncodedBytes> {
  const matching = Object.keys(budgets.routes)
    .filter((pattern) => matches(pattern, route))
    .sort((one, other) => one.length - other.length);
  return Object.assign({}, budgets.default, ...matching.map((pattern) => budgets.routes[pattern]));
}

/** Budgets that watch nothing, and routes that nothing watches, in one sentence each. */
export function blindBudgets(routes: readonly string[], budgets: Budgets): readonly string[] {
  const patterns = Object.keys(budgets.routes);
  const idle = patterns.filter((pattern) => !routes.some((route) => matches(pattern, route)));
  const unwatched = routes.filter((route) => Object.keys(routeBudget(route, budgets)).length === 0);
  return [
    ...idle.map((pattern) => `the budget of ${pattern} watches nothing: the build has no such route`),
    ...unwatched.map((route) => `${route} has no budget: name it in "routes", or say a "default"`),
  ];
}

/** A route is longer than any pattern that it matches. `/ops/*` is not `/ops` itself. */
function matches(pattern: string, route: string): boolean {
  return pattern === route || (pattern.endsWith('/*') && route.startsWith(pattern.slice(0, -1)));
}
