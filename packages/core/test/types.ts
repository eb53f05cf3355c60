// Compiled by `npm run typecheck`, never run: what must be a type error, and what must not.
import type { RouteWrapper, UniteContext } from '../src';
import { ContextError, type ContextErrorCode, compose, pageContext, withContext } from '../src/next';

declare const withQuota: RouteWrapper<{ quota?: { use: Record<string, number> } }>;
declare const withPlain: RouteWrapper;

const route = compose(withContext({ identify: () => ({ tenantId: 'acme' }) }), withQuota, withPlain);
const answer = () => new Response();

// The options of a route are those of all wrappers together.
route(answer, { context: { route: '/api/contacts', timeoutMs: 100 }, quota: { use: { apiCalls: 1 } } });
route(answer, { quota: { use: { apiCalls: 1 } } });
// @ts-expect-error a misspelt option of a package
route(answer, { quota: { usee: {} } });
// @ts-expect-error an option of a package that is not composed
route(answer, { cache: {} });
// @ts-expect-error units and types of a known option
route(answer, { context: { timeoutMs: '1s' } });

// Params and the request keep their types.
interface NextRequest extends Request {
  readonly nextUrl: URL;
}
const handler = route(async (request: NextRequest, { params }: { params: Promise<{ id: string }> }) => {
  const { id } = await params;
  return Response.json({ id: id.toUpperCase(), search: request.nextUrl.search });
});

/** The shape that Next.js 15 and 16 check a route's export against. */
type NextHandler<Params> = (request: NextRequest, args: { params: Promise<Params> }) => Promise<Response>;
handler satisfies NextHandler<{ id: string }>;
route(answer) satisfies NextHandler<Record<never, never>>;
// @ts-expect-error a handler must answer with a Response
route(() => 'text');

// @ts-expect-error an unknown option
withContext({ timeout: 1_000 });
// @ts-expect-error headers are required
pageContext({});
pageContext({ headers: async () => new Headers() })(async () => 7) satisfies Promise<number>;

declare const context: UniteContext;
// @ts-expect-error the record is readonly
context.tenantId = 'acme';

declare const error: unknown;
if (ContextError.isInstance(error)) error.code satisfies ContextErrorCode;
// @ts-expect-error a code that does not exist
new ContextError('UNITE_CONTEXT_OOPS', 'text');
