import { methodNotAllowed } from '@unite/problem/next';
import { readClusterReport } from '@/lib/ops/read-cluster-report';
import { problems, route } from '@/lib/unite';

/** The cluster as this process sees it, for the screen that shows it live. Who looks after it uses nothing of a plan. */
export const GET = route(async () => Response.json(await readClusterReport()), { quota: false });

const refuse = methodNotAllowed(problems, ['GET']);
export const POST = route(refuse.POST);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
