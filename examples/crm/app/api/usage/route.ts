import { methodNotAllowed } from '@unite/problem/next';
import { requireSession } from '@/lib/current-session';
import { problems, route } from '@/lib/unite';
import { answerUsage } from '@/lib/usage/usage';

/** How the workspace stands; to `Accept: text/event-stream` whenever that changes. To look costs nothing. */
export const GET = route(
  (request) => {
    requireSession();
    return answerUsage(request);
  },
  { quota: false },
);

const refuse = methodNotAllowed(problems, ['GET']);
export const POST = route(refuse.POST, { quota: false });
export const PUT = route(refuse.PUT, { quota: false });
export const PATCH = route(refuse.PATCH, { quota: false });
export const DELETE = route(refuse.DELETE, { quota: false });
