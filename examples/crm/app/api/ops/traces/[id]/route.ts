import { methodNotAllowed } from '@unite/problem/next';
import { requirePermission } from '@/lib/current-session';
import { readTrace } from '@/lib/ops/read-traces';
import { problems, route } from '@/lib/unite';

type Args = RouteContext<'/api/ops/traces/[id]'>;

/** One trace of this process as a tree. Who looks after the application uses nothing of a plan. */
export const GET = route(
  async (_, { params }: Args) => {
    const { tenantId } = requirePermission('read ops');
    const trace = await readTrace((await params).id, tenantId);
    if (!trace) throw problems.error('trace-not-found');
    return Response.json(trace);
  },
  { quota: false },
);

const refuse = methodNotAllowed(problems, ['GET']);
export const POST = route(refuse.POST);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
