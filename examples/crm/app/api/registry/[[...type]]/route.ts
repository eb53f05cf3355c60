import { problemDocs } from '@unite/problem/docs';
import { methodNotAllowed } from '@unite/problem/next';
import { problems, route } from '@/lib/unite';

type Args = RouteContext<'/api/registry/[[...type]]'>;

const docs = problemDocs(problems);

/** The registry for programs. `/errors` and its pages are rewritten to here where no HTML is asked for. */
export const GET = route(
  async (request, { params }: Args) => {
    const { type = [] } = await params;
    const address = new URL(`${problems.baseUrl}${type.map(encodeURIComponent).join('/')}`);
    return docs(new Request(address, { headers: request.headers }));
  },
  { quota: false },
);

const refuse = methodNotAllowed(problems, ['GET']);
export const POST = route(refuse.POST);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
