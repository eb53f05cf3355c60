import { methodNotAllowed } from '@unite/problem/next';
import { requirePermission } from '@/lib/current-session';
import { env } from '@/lib/env';
import { problems, route } from '@/lib/unite';

/** Fails, as a mistake in the code would: for whoever wants to see what becomes of an error. */
export const POST = route(
  () => {
    requirePermission('read ops');
    if (!env.isDemo) throw problems.error('drills-off');
    throw new TypeError('This error was asked for, to see what becomes of it');
  },
  { quota: false },
);

const refuse = methodNotAllowed(problems, ['POST']);
export const GET = route(refuse.GET);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
