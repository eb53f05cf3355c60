import { backgroundClock } from '@unite/shared';
import type { Apm } from '../types';
import { knownRoute } from './known-route';
import { type BrowserRouteOptions, receiveJson, textOf } from './receive-json';

/**
 * Takes what the page's `errors` option sends, and captures it as an error of kind `browser`. Frames are resolved by the
 * source maps of the set-up. Anybody may send anything: what is no error is refused, and a flood is.
 *
 * @example
 * // app/api/browser-errors/route.ts
 * export const POST = browserErrorsHandler(apm);
 */
export function browserErrorsHandler(
  apm: Pick<Apm, 'captureError' | 'routes'>,
  options: BrowserRouteOptions = {},
): (request: Request) => Promise<Response> {
  const { routes = [], clock = backgroundClock } = options;
  const routeOf = knownRoute(apm, { routes, clock });
  return receiveJson(options, ({ name, message, stack, path, route, release, deployment, traceId }) => {
    const text = textOf(message, 1_000);
    if (text === undefined) return false;
    const error = new Error(text);
    error.name = textOf(name, 100) ?? 'Error';
    error.stack = stackOf(`${error.name}: ${text}`, textOf(stack, 6_000));
    const trace = textOf(traceId, 32);
    apm.captureError(error, {
      kind: 'browser',
      isHandled: false,
      tags: {
        pageRoute: routeOf(route, textOf(path, 500)),
        ...given({ pageRelease: textOf(release, 200), pageDeployment: textOf(deployment, 200) }),
      },
      extra: given({
        path: textOf(path, 500)?.split('?')[0],
        pageTraceId: trace && /^[\da-f]{32}$/.test(trace) ? trace : undefined,
      }),
    });
    return true;
  });
}

/** Firefox and Safari write `load@https://…:1:2`, without the message; one form is enough for those who read it. */
function stackOf(title: string, stack = ''): string {
  const lines = stack
    .split('\n')
    .map((line) => (isCall.test(line) ? line : line.replace(otherCall, toCall)))
    .filter((line) => isCall.test(line));
  return [title, ...lines].join('\n');
}

const isCall = /^\s*at /;
const otherCall = /^(?:([^@]*)@)?(\S+:\d+:\d+)$/;

function toCall(_: string, name: string | undefined, place: string): string {
  return name ? `    at ${name} (${place})` : `    at ${place}`;
}

function given(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
