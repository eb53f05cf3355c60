import type { IncomingMessage } from 'node:http';
import { templateFromPathname } from '../request/template-from-pathname';

/** What Express writes on a request while it walks its routers. */
type RoutedRequest = IncomingMessage & {
  params?: Record<string, string | string[]>;
  baseUrl?: string;
  route?: { path?: unknown };
};

interface Mount {
  readonly baseUrl: string;
  readonly template: string;
}

/**
 * Follows the router through the two properties that it sets on a request. Read later they mislead:
 * `baseUrl` holds raw values (`/teams/7`), and is reset before an error middleware runs.
 *
 * @returns reads the template of the last matched route, such as `GET /teams/:team/members/:id`
 */
export function trackRouteTemplate(request: RoutedRequest): () => string | undefined {
  const mounts: [Mount, ...Mount[]] = [{ baseUrl: '', template: '' }];
  let matched: string | undefined;
  follow('baseUrl', (baseUrl = '') => {
    while (!baseUrl.startsWith(innermost().baseUrl)) mounts.pop();
    const { baseUrl: outer, template } = innermost();
    if (baseUrl === outer) return;
    const path = templateFromPathname(baseUrl.slice(outer.length), request.params ?? {}, expressNotation);
    mounts.push({ baseUrl, template: template + path });
  });
  follow('route', (route) => {
    if (route) matched = innermost().template + templateOf(route.path);
  });
  return () => (matched === undefined ? undefined : `${request.method} ${matched || '/'}`);

  function innermost(): Mount {
    return mounts[mounts.length - 1] as Mount;
  }

  function follow<Name extends 'baseUrl' | 'route'>(
    name: Name,
    seen: (value: RoutedRequest[Name]) => void,
  ): void {
    let current = request[name];
    seen(current);
    Object.defineProperty(request, name, {
      get: () => current,
      set(value: RoutedRequest[Name]) {
        current = value;
        seen(value);
      },
      configurable: true,
      enumerable: true,
    });
  }
}

/** A route's path as it was declared; `/` adds nothing to the path its router is mounted at. */
function templateOf(path: unknown): string {
  return path === '/' ? '' : String(path);
}

function expressNotation(name: string, isCatchAll: boolean): string {
  return isCatchAll ? `*${name}` : `:${name}`;
}
