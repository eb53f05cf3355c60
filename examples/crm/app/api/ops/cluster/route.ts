import { methodNotAllowed } from '@unite/problem/next';
import { readClusterReport } from '@/lib/ops/read-cluster-report';
import { problems, route } from '@/lib/unite';

/** The cluster as this process sees it, for the screen that shows it live. */
export const GET = route(async () => Response.json(await readClusterReport()));

const refuse = methodNotAllowed(problems, ['GET']);
export const POST = route(refuse.POST);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
