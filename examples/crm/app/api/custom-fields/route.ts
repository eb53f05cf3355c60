import { methodNotAllowed } from '@unite/problem/next';
import { requirePermission } from '@/lib/current-session';
import { createField } from '@/lib/custom-fields/change-fields';
import { newCustomField } from '@/lib/custom-fields/custom-field';
import { listFieldsInUse } from '@/lib/custom-fields/list-fields';
import { problems, route, saves } from '@/lib/unite';
import { readBody } from '@/lib/validate';

export const GET = route(async () => Response.json(await listFieldsInUse()));

export const POST = route(async (request) => {
  requirePermission('write custom-fields');
  return Response.json(await createField(await readBody(request, newCustomField)), { status: 201 });
}, saves);

const refuse = methodNotAllowed(problems, ['GET', 'POST']);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
