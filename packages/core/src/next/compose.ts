import { describeValue } from '@unite/shared';
import type { RouteArgs, RouteHandler, RouteWrapper } from '../route-types';
import { guardRequest, markGuarded } from './guard-request';

/**
 * Per-route options of all wrappers together. A union of wrappers takes their options in parameter
 * position, from where TypeScript infers the intersection.
 */
type OptionsOf<Wrappers extends readonly RouteWrapper<never>[]> = (
  Wrappers[number] extends infer Wrapper
    ? Wrapper extends RouteWrapper<infer Options>
      ? (options: Options) => void
      : never
    : never
) extends (options: infer Options) => void
  ? Options
  : never;

/** Makes a route handler for Next.js to export. */
export type Route<Options> = <Args extends RouteArgs = RouteArgs, IncomingRequest extends Request = Request>(
  handler: (request: IncomingRequest, args: Args) => Response | Promise<Response>,
  options?: Options,
) => (request: IncomingRequest, args: Args) => Promise<Response>;

/**
 * Puts wrappers around every route of an application, the first one outermost.
 *
 * @param wrappers what the packages' `withX` return
 * @returns `route(handler, options?)`, where the options have one key a package
 * @throws TypeError for a wrapper or, when a route is made, a handler that is no function
 * @example
 * const route = compose(withContext({ identify: readSession }), withProblems(problems));
 * export const GET = route(async (request) => Response.json(await contacts.list()));
 */
export function compose<const Wrappers extends readonly RouteWrapper<never>[]>(
  ...wrappers: Wrappers
): Route<OptionsOf<Wrappers>> {
  for (const wrap of wrappers)
    checkFunction('compose: a wrapper must be what withContext(…) or its like returns', wrap);
  const route = (handler: RouteHandler, options?: never): RouteHandler => {
    checkFunction('route: the handler must be a function', handler);
    return wrappers.reduceRight<RouteHandler>(
      (inner, wrap) => markGuarded(wrap(inner, options)),
      guardRequest(handler),
    );
  };
  return route as Route<OptionsOf<Wrappers>>;
}

function checkFunction(demand: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${demand}, got ${describeValue(value)}`);
}
