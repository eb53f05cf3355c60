import { currentContext } from '@unite/core/context';
import type { ExpressRequest } from './express-types';

/**
 * Reads the template of the route that was matched, such as `/teams/:team`, once the router has found it. The context
 * of `@unite/core` knows it best: without one a router that is mounted at a path with parameters shows their values
 * (`/teams/7/members/:id`), and after an error its path is missing, for nothing else is left on the request.
 */
export function routeReader(request: ExpressRequest): () => string | undefined {
  const unite = currentContext();
  return () => {
    const route = unite?.route;
    if (route !== undefined) return route.slice(route.indexOf(' ') + 1);
    const path = request.route?.path;
    if (path === undefined) return undefined;
    return `${request.baseUrl ?? ''}${path === '/' ? '' : String(path)}` || '/';
  };
}
