import { methodNotAllowed } from '@unite/problem/next';
import { requireSession } from '@/lib/current-session';
import { seenBy } from '@/lib/try-this/evidence';
import { demoSessionId, problems, route } from '@/lib/unite';

/** What a newcomer to the demo has seen so far; elsewhere nothing is noted. */
export const GET = route(
  (request) => {
    requireSession();
    const sessionId = demoSessionId(request.headers);
    return Response.json({ seen: sessionId === undefined ? [] : seenBy(sessionId) });
  },
  { quota: false },
);

const refuse = methodNotAllowed(problems, ['GET']);
export const POST = route(refuse.POST);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
