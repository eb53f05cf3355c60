import { dashboardRoute } from '@unite/ops/next';
import { methodNotAllowed } from '@unite/problem/next';
import { dashboard } from '@/lib/dashboard';
import { opsRoute } from '@/lib/ops/ops-route';
import { problems } from '@/lib/unite';

const mounted = dashboardRoute(dashboard, { basePath: '/ops' });

/** The dashboard of this process. */
export const GET = opsRoute(mounted.GET);
export const POST = opsRoute(mounted.POST);

const refuse = methodNotAllowed(problems, ['GET', 'POST']);
export const PUT = opsRoute(refuse.PUT);
export const PATCH = opsRoute(refuse.PATCH);
export const DELETE = opsRoute(refuse.DELETE);
