import { methodNotAllowed } from '@unite/problem/next';
import { readTlsPosture } from '@/lib/ops/read-tls-posture';
import { problems, route } from '@/lib/unite';

/** How every hop is encrypted, as it was found within the last minute. Who looks after it uses nothing of a plan. */
export const GET = route(async () => Response.json(await readTlsPosture()), { quota: false });

const refuse = methodNotAllowed(problems, ['GET']);
export const POST = route(refuse.POST);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
