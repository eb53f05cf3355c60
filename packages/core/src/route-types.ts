/** Parameters of a route, as Next.js passes them: segment name → value, or values for a catch-all. */
export type RouteParams = Record<string, string | string[] | undefined>;

/** Second argument of a Next.js route handler. `RouteContext<'/api/contacts/[id]'>` fits. */
export interface RouteArgs<Params = RouteParams> {
  readonly params: Promise<Params>;
}

/** A Next.js route handler: Web `Request` in, Web `Response` out. */
export type RouteHandler<Args = RouteArgs> = (request: Request, args: Args) => Response | Promise<Response>;

/**
 * What `withX` adapters return and `compose` takes: a layer around a route handler. It gets the options
 * that one route gives it, under a key named after its package.
 *
 * @example
 * type WithQuota = RouteWrapper<{ quota?: { use: Record<string, number> } }>;
 */
export type RouteWrapper<Options extends object = object> = (
  handler: RouteHandler,
  options: Options | undefined,
) => RouteHandler;
