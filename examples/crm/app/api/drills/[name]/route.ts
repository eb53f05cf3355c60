import { safeReturnPath } from '@unite/crypto/oauth';
import { methodNotAllowed } from '@unite/problem/next';
import { z } from 'zod';
import { requirePermission } from '@/lib/current-session';
import { changeDrill } from '@/lib/drills/drills';
import { problems, route } from '@/lib/unite';
import { readQuery } from '@/lib/validate';

type Args = RouteContext<'/api/drills/[name]'>;

const query = z.object({
  action: z.enum(['start', 'stop'], { error: 'must be start or stop' }),
  /** Where a form leads to. What is no path of this site is ignored. */
  returnTo: z.string().optional(),
});

/** Breaks a server on purpose, or mends it: `?action=start`. With `returnTo` it leads there, as a form does without script. */
export const POST = route(
  async (request, { params }: Args) => {
    requirePermission('read ops');
    const { action, returnTo } = await readQuery(request, query);
    const report = await changeDrill((await params).name, action);
    if (returnTo === undefined) return Response.json(report);
    return new Response(null, { status: 303, headers: { location: safeReturnPath(returnTo, '/contacts') } });
  },
  { quota: false },
);

const refuse = methodNotAllowed(problems, ['POST']);
export const GET = route(refuse.GET);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
