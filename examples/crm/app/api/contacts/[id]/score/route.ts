import { methodNotAllowed } from '@unite/problem/next';
import { requirePermission } from '@/lib/current-session';
import { scoreContact } from '@/lib/scoring/score-contact';
import { streamScore } from '@/lib/scoring/stream-score';
import { flags, problems, route, saves } from '@/lib/unite';

type Args = RouteContext<'/api/contacts/[id]/score'>;

/**
 * One call as any other; what the model uses is reserved and charged beside it. To `Accept: text/event-stream` the
 * reason comes while the model says it, unless the flag `score-streaming` is off.
 */
export const POST = route(async (request, { params }: Args) => {
  requirePermission('write contacts');
  const { id } = await params;
  const wantsStream = request.headers.get('accept')?.includes('text/event-stream') ?? false;
  if (wantsStream && (await flags.isOn('score-streaming'))) return streamScore(id);
  return Response.json(await scoreContact(id));
}, saves);

const refuse = methodNotAllowed(problems, ['POST']);
export const GET = route(refuse.GET);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
