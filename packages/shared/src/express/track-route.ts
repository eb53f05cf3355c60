import type { IncomingMessage } from 'node:http';
import { mountTemplate, type RouteParams } from './mount-template';

/** What Express writes on a request while it walks its routers. */
export type RoutedRequest = IncomingMessage & {
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown } | undefined;
  readonly params?: RouteParams | undefined;
};

interface Mount {
  readonly baseUrl: string;
  readonly template: string;
  readonly params: RouteParams;
}

/**
 * Follows the router through the two properties that it sets on a request. Read later they mislead: `baseUrl` holds
 * values (`/teams/7`), and is reset before an error middleware of the application runs.
 *
 * What is mounted in front, or cannot be told from values, is left out: values in a span's name are without end.
 *
 * @returns reads the template of the last matched route, such as `/teams/:team/members/:id`
 */
export function trackRoute(request: RoutedRequest): () => string | undefined {
  const mounts: [Mount, ...Mount[]] = [{ baseUrl: request.baseUrl ?? '', template: '', params: {} }];
  let matched = request.route && templateOf(request.route.path);
  follow(request, 'baseUrl', (baseUrl = '') => {
    while (mounts.length > 1 && !baseUrl.startsWith(innermost().baseUrl)) mounts.pop();
    const outer = innermost();
    if (!baseUrl.startsWith(outer.baseUrl) || baseUrl === outer.baseUrl) return;
    const params = request.params ?? {};
    const path = mountTemplate(baseUrl.slice(outer.baseUrl.length), params, outer.params) ?? '';
    mounts.push({ baseUrl, template: outer.template + path, params });
  });
  follow(request, 'route', (route) => {
    if (route) matched = innermost().template + templateOf(route.path);
  });
  return () => {
    // A middleware behind may have put its own properties over these: the route is still on the request then.
    const template = matched ?? (request.route && templateOf(request.route.path));
    return template === '' ? '/' : template;
  };

  function innermost(): Mount {
    return mounts[mounts.length - 1] as Mount;
  }
}

/** Lets whoever followed before see it too: the router's middleware may run twice. */
function follow<Name extends 'baseUrl' | 'route'>(
  request: RoutedRequest,
  name: Name,
  seen: (value: RoutedRequest[Name]) => void,
): void {
  const before = Object.getOwnPropertyDescriptor(request, name);
  let current = request[name];
  Object.defineProperty(request, name, {
    get: () => current,
    set(value: RoutedRequest[Name]) {
      current = value;
      before?.set?.call(request, value);
      seen(value);
    },
    configurable: true,
    enumerable: true,
  });
}

/** A route's path as it was declared; `/` adds nothing to the path its router is mounted at. */
function templateOf(path: unknown): string {
  return path === '/' ? '' : String(path);
}
