import { methodNotAllowed } from '@unite/problem/next';
import { deleteContact, updateContact } from '@/lib/contacts/change-contacts';
import { contactChanges } from '@/lib/contacts/contact';
import type { Contact } from '@/lib/contacts/contact-types';
import { getContact } from '@/lib/contacts/get-contact';
import { requirePermission } from '@/lib/current-session';
import { listFields } from '@/lib/custom-fields/list-fields';
import { problems, route, saves } from '@/lib/unite';
import { readBody } from '@/lib/validate';

type Args = RouteContext<'/api/contacts/[id]'>;

export const GET = route(async (_request, { params }: Args) => answer(await getContact((await params).id)));

/** `If-Match` with the contact's `ETag`, or `version` in the body, refuses to save over somebody else's change. */
export const PATCH = route(async (request, { params }: Args) => {
  requirePermission('write contacts');
  const changes = await readBody(request, contactChanges(await listFields()));
  const version = versionFrom(request.headers.get('if-match')) ?? changes.version;
  return answer(await updateContact((await params).id, { ...changes, version }));
}, saves);

export const DELETE = route(async (_request, { params }: Args) => {
  await deleteContact((await params).id);
  return new Response(null, { status: 204 });
}, saves);

const refuse = methodNotAllowed(problems, ['GET', 'PATCH', 'DELETE']);
export const POST = route(refuse.POST);
export const PUT = route(refuse.PUT);

function answer(contact: Contact): Response {
  return Response.json(contact, { headers: { etag: `"${contact.version}"` } });
}

/** An ETag that is none of ours matches no version: 0 is never one. */
function versionFrom(ifMatch: string | null): number | undefined {
  if (ifMatch === null || ifMatch.trim() === '*') return undefined;
  return Number(/^\s*"(\d{1,9})"\s*$/.exec(ifMatch)?.[1] ?? 0);
}
