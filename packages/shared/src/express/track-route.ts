import type { IncomingMessage } from 'node:http';
import { mountTemplate, type RouteParams } from './mount-template';

/** What Express writes on a request while it walks its routers. */
export type RoutedRequest = IncomingMessage & {
  readonly baseUrl?: string;
  readonly route?: MatchedRoute | undefined;
  readonly params?: RouteParams | undefined;
};

/** A route as it was declared. */
interface MatchedRoute {
  readonly path?: unknown;
}

interface Mount {
  readonly baseUrl: string;
  readonly template: string;
  readonly params: RouteParams;
}

/** On the request itself, and the same in every copy of this module: one follows for all packages. */
const trackerKey = Symbol.for('unite.express.route.1');

type TrackedRequest = RoutedRequest & { [trackerKey]?: RouteTracker };

/**
 * Follows the router through the two properties that it sets on a request. Read later they mislead: `baseUrl` holds
 * values (`/teams/7`), and is reset before an error middleware of the application runs.
 *
 * What is mounted in front, or cannot be told from values, is left out: values in a span's name are without end.
 *
 * @returns reads the template of the last matched route, such as `/teams/:team/members/:id`
 */
export function trackRoute(request: RoutedRequest): () => string | undefined {
  const tracker = (request as TrackedRequest)[trackerKey] ?? follow(request);
  return () => tracker.template();
}

function follow(request: TrackedRequest): RouteTracker {
  const tracker = new RouteTracker(request);
  request[trackerKey] = tracker;
  Object.defineProperty(request, 'baseUrl', followedBaseUrl);
  Object.defineProperty(request, 'route', followedRoute);
  return tracker;
}

class RouteTracker {
  baseUrl: string | undefined;
  route: MatchedRoute | undefined;
  readonly #request: RoutedRequest;
  readonly #mounts: [Mount, ...Mount[]];
  #matched: string | undefined;

  constructor(request: RoutedRequest) {
    this.baseUrl = request.baseUrl;
    this.route = request.route;
    this.#request = request;
    this.#mounts = [{ baseUrl: request.baseUrl ?? '', template: '', params: {} }];
    this.#matched = request.route && templateOf(request.route.path);
  }

  template(): string | undefined {
    // A middleware behind may have put its own properties over these: the route is still on the request then.
    const { route } = this.#request;
    const template = this.#matched ?? (route && templateOf(route.path));
    return template === '' ? '/' : template;
  }

  enter(baseUrl: string | undefined): void {
    this.baseUrl = baseUrl;
    const mounted = baseUrl ?? '';
    const mounts = this.#mounts;
    while (mounts.length > 1 && !mounted.startsWith(this.#innermost().baseUrl)) mounts.pop();
    const outer = this.#innermost();
    if (!mounted.startsWith(outer.baseUrl) || mounted === outer.baseUrl) return;
    const params = this.#request.params ?? {};
    const path = mountTemplate(mounted.slice(outer.baseUrl.length), params, outer.params) ?? '';
    mounts.push({ baseUrl: mounted, template: outer.template + path, params });
  }

  match(route: MatchedRoute | undefined): void {
    this.route = route;
    if (route) this.#matched = this.#innermost().template + templateOf(route.path);
  }

  #innermost(): Mount {
    return this.#mounts[this.#mounts.length - 1] as Mount;
  }
}

/** One pair of functions for all requests: a pair for each would cost several times as much. */
const followedBaseUrl: PropertyDescriptor & ThisType<Required<Pick<TrackedRequest, typeof trackerKey>>> = {
  get() {
    return this[trackerKey].baseUrl;
  },
  set(baseUrl: string | undefined) {
    this[trackerKey].enter(baseUrl);
  },
  configurable: true,
  enumerable: true,
};

const followedRoute: PropertyDescriptor & ThisType<Required<Pick<TrackedRequest, typeof trackerKey>>> = {
  get() {
    return this[trackerKey].route;
  },
  set(route: MatchedRoute | undefined) {
    this[trackerKey].match(route);
  },
  configurable: true,
  enumerable: true,
};

/** A route's path as it was declared; `/` adds nothing to the path its router is mounted at. */
function templateOf(path: unknown): string {
  return path === '/' ? '' : String(path);
}
