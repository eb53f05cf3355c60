import { methodNotAllowed } from '@unite/problem/next';
import { deleteField } from '@/lib/custom-fields/change-fields';
import { problems, route, saves } from '@/lib/unite';

type Args = RouteContext<'/api/custom-fields/[id]'>;

/** With it goes every contact's value. */
export const DELETE = route(async (_request, { params }: Args) => {
  await deleteField((await params).id);
  return new Response(null, { status: 204 });
}, saves);

const refuse = methodNotAllowed(problems, ['DELETE']);
export const GET = route(refuse.GET);
export const POST = route(refuse.POST);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
