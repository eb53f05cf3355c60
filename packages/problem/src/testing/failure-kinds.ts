import type { CoverageRoute } from './check-problem-coverage';

/** One way to make a route fail. */
export interface Failure {
  readonly name: string;
  /** The request that should fail, or `undefined` where this failure does not apply to the route. */
  request(route: CoverageRoute, all: FailureSurroundings): Request | undefined;
  /** Makes the route fail in another way than by its request, such as a database that is down; returns the way back. */
  arrange?(route: CoverageRoute): (() => void | Promise<void>) | Promise<() => void | Promise<void>>;
  /** Statuses that are right; any other is a finding. @default any; what is below 400 is no failure */
  readonly statuses?: readonly number[];
}

/** What a failure may need to know besides the route. */
export interface FailureSurroundings {
  /** Origin that the requests are made for. */
  readonly origin: string;
  readonly routes: readonly CoverageRoute[];
  /** Size of a body that is too large. */
  readonly oversizedBytes: number;
}

/** The failures that are built in. */
export type FailureName =
  | 'unknown-path'
  | 'wrong-method'
  | 'malformed-uri'
  | 'malformed-json'
  | 'wrong-content-type'
  | 'empty-body'
  | 'oversized-body';

const bodyMethods = ['POST', 'PUT', 'PATCH'];

/** The failures that every application can have. Those about bodies apply to POST, PUT and PATCH. */
export const failureKinds: Readonly<Record<FailureName, Failure>> = {
  'unknown-path': {
    name: 'unknown-path',
    request: (route, { origin }) => requestFor(route, origin, { path: `${pathOf(route)}/no-such-path-8f3a` }),
  },
  'wrong-method': {
    name: 'wrong-method',
    request(route, { origin, routes }) {
      const taken = routes
        .filter(({ path }) => path === route.path)
        .map(({ method }) => method.toUpperCase());
      const free = ['DELETE', 'PATCH', 'PUT', 'POST'].find((method) => !taken.includes(method));
      return free === undefined ? undefined : requestFor({ ...route, method: free, body: undefined }, origin);
    },
  },
  'malformed-uri': {
    name: 'malformed-uri',
    request: (route, { origin }) => requestFor(route, origin, { path: `${pathOf(route)}/%E0%A4%A` }),
  },
  'malformed-json': withBody('malformed-json', 'application/json', () => '{"broken":'),
  'wrong-content-type': withBody('wrong-content-type', 'text/plain', () => 'not json'),
  'empty-body': withBody('empty-body', 'application/json', () => ''),
  'oversized-body': withBody('oversized-body', 'application/json', ({ oversizedBytes }) =>
    JSON.stringify({ filler: 'x'.repeat(oversizedBytes) }),
  ),
};

function withBody(
  name: FailureName,
  contentType: string,
  body: (all: FailureSurroundings) => string,
): Failure {
  return {
    name,
    request: (route, all) =>
      bodyMethods.includes(route.method.toUpperCase())
        ? requestFor(route, all.origin, { body: body(all), headers: { 'content-type': contentType } })
        : undefined,
  };
}

/** The route's ordinary request, with changes. */
export function requestFor(
  route: CoverageRoute,
  origin: string,
  changes: { readonly path?: string; readonly body?: string; readonly headers?: Record<string, string> } = {},
): Request {
  const body = changes.body ?? (route.body === undefined ? undefined : JSON.stringify(route.body));
  return new Request(origin + (changes.path ?? route.path), {
    method: route.method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...route.headers,
      ...changes.headers,
    },
    ...(body !== undefined && bodyMethods.includes(route.method.toUpperCase()) && { body }),
  });
}

function pathOf({ path }: CoverageRoute): string {
  return path.replace(/[?#].*/, '').replace(/\/$/, '');
}
