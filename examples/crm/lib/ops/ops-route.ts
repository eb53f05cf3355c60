import type { RouteArgs, RouteHandler } from '@unite/core';
import { compose } from '@unite/core/next';
import { withCsrf } from '@unite/crypto/next';
import { withProblems } from '@unite/problem/next';
import { roleAllows } from '../roles';
import { startAddress } from '../start-address';
import { noteSeen } from '../try-this/evidence';
import { demoSessionId, problems, sessions } from '../unite';
import { readTrace } from './read-traces';

const guarded = compose(withProblems(problems), withCsrf({}, { onRefused: 'throw' }));

/**
 * Around the dashboard, which only knows who may look: people who are not signed in are sent to the start page, and who
 * may not look is told why, as everywhere. There is no time limit, since its stream goes on.
 */
export function opsRoute(handler: RouteHandler): RouteHandler {
  return guarded((request: Request, args: RouteArgs) => {
    const session = sessions.read(request.headers);
    if (!session) return sendAway(request);
    if (!roleAllows(session.role, 'read ops'))
      throw problems.error('forbidden', { detail: `Owners see the servers. You are a ${session.role}.` });
    return answer(request, args, session.tenantId);
  });

  async function answer(request: Request, args: RouteArgs, tenantId: string): Promise<Response> {
    const [, traceId] = /\/traces\/(\w+)$/.exec(new URL(request.url).pathname) ?? [];
    // It may still be on its way to the store.
    const trace = traceId === undefined ? undefined : await readTrace(traceId, tenantId);
    const sessionId = demoSessionId(request.headers);
    if (trace && sessionId !== undefined) noteSeen(sessionId, ['trace']);
    return handler(request, args);
  }
}

function sendAway(request: Request): Response {
  const { pathname } = new URL(request.url);
  if (request.headers.get('accept')?.includes('text/html'))
    return new Response(null, {
      status: 307,
      headers: { location: startAddress(pathname), 'cache-control': 'no-store' },
    });
  throw problems.error('sign-in-required', { detail: 'Choose a person on the start page first.' });
}
