import { safeReturnPath } from '@unite/crypto/oauth';
import { methodNotAllowed } from '@unite/problem/next';
import { z } from 'zod';
import { findPerson } from '@/lib/directory';
import { env } from '@/lib/env';
import { isStorable } from '@/lib/is-storable';
import { clientKey, problems, route, sessions, signInLimiter } from '@/lib/unite';
import { readBody, readForm } from '@/lib/validate';

const unmetered = { quota: false } as const;

const signIn = z.object({
  userId: z.string({ error: 'Required' }).min(1, { error: 'Required' }).max(100).refine(isStorable),
  /** Where a form leads to. What is no path of this site is ignored, as by a login. */
  returnTo: z.string({ error: 'must be text' }).optional(),
});

/**
 * Signs in as a demo person, without an identity provider: in a demo alone. A form gets to `returnTo`, JSON gets the session. What is limited are attempts that fail;
 * while nobody can count them, nobody may try.
 */
export const POST = route(async (request) => {
  if (!env.isDemo) throw problems.error('demo-only', { detail: 'Sign in by the identity provider.' });
  const isForm =
    request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false;
  const { userId, returnTo } = await (isForm ? readForm : readBody)(request, signIn);
  const address = env.trustedProxies > 0 ? clientKey(request) : undefined;
  const attempt = await signInLimiter.attempt({ account: userId, address });
  attempt.throwIfRefused();
  const session = await findPerson(userId);
  await attempt.succeed();
  const headers = { 'set-cookie': sessions.start(session) };
  if (!isForm) return Response.json(session, { headers });
  return new Response(null, {
    status: 303,
    headers: { ...headers, location: safeReturnPath(returnTo, '/contacts') },
  });
}, unmetered);

export const DELETE = route(
  () => new Response(null, { status: 204, headers: { 'set-cookie': sessions.end() } }),
  unmetered,
);

const refuse = methodNotAllowed(problems, ['POST', 'DELETE']);
export const GET = route(refuse.GET);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
