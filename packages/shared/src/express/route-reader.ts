import { type RoutedRequest, trackRoute } from './track-route';

/**
 * Reads the template of the route that was matched, such as `/teams/:team`, once the router has found it. The context
 * of `@unite/core` knows it best; without one the router is followed.
 *
 * @param context that of the request, whose `route` has the method in front
 */
export function routeReader(
  request: RoutedRequest,
  context: { readonly route?: string | undefined } | undefined,
): () => string | undefined {
  const tracked = trackRoute(request);
  return () => {
    const route = context?.route;
    return route === undefined ? tracked() : route.slice(route.indexOf(' ') + 1);
  };
}
