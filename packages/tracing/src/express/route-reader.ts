import { currentContext } from '@unite/core/context';
import type { ExpressRequest } from './express-types';
import { trackRoute } from './track-route';

/**
 * Reads the template of the route that was matched, such as `/teams/:team`, once the router has found it. The context
 * of `@unite/core` knows it best; without one the router is followed.
 */
export function routeReader(request: ExpressRequest): () => string | undefined {
  const unite = currentContext();
  const tracked = trackRoute(request);
  return () => {
    const route = unite?.route;
    return route === undefined ? tracked() : route.slice(route.indexOf(' ') + 1);
  };
}
