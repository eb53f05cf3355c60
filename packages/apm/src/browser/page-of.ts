/**
 * The page without its query, and what the server told of it in `Server-Timing`: its trace and its route, unless the
 * page knows that better.
 */
export function pageOf(route: () => string | undefined): {
  path: string;
  traceId: string | undefined;
  route: string | undefined;
} {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const told = (wanted: string) => navigation?.serverTiming?.find(({ name }) => name === wanted)?.description;
  return {
    path: location.pathname.slice(0, 500),
    traceId: /^00-([\da-f]{32})-/.exec(told('traceparent') ?? '')?.[1],
    route: routeOf(route) ?? told('route'),
  };
}

function routeOf(route: () => string | undefined): string | undefined {
  try {
    return route();
  } catch {
    // The page's own function: what it throws is not the page's error.
    return undefined;
  }
}
