import { methodNotAllowed } from '@unite/problem/next';
import { listDrills } from '@/lib/drills/drills';
import { problems, route } from '@/lib/unite';

/** What may be broken on purpose, and what is. Who looks after the application uses nothing of a plan. */
export const GET = route(() => Response.json(listDrills()), { quota: false });

const refuse = methodNotAllowed(problems, ['GET']);
export const POST = route(refuse.POST);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
