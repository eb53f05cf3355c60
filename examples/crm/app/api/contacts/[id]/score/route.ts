import { methodNotAllowed } from '@unite/problem/next';
import { scoreContact } from '@/lib/scoring/score-contact';
import { problems, route, saves } from '@/lib/unite';

type Args = RouteContext<'/api/contacts/[id]/score'>;

/** One call as any other; what the model uses is reserved and charged beside it. */
export const POST = route(
  async (_request, { params }: Args) => Response.json(await scoreContact((await params).id)),
  saves,
);

const refuse = methodNotAllowed(problems, ['POST']);
export const GET = route(refuse.GET);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
