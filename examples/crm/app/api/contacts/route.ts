import { methodNotAllowed } from '@unite/problem/next';
import { createContact } from '@/lib/contacts/change-contacts';
import { contactQuery, newContact } from '@/lib/contacts/contact';
import { listContacts } from '@/lib/contacts/list-contacts';
import { requirePermission } from '@/lib/current-session';
import { listFields } from '@/lib/custom-fields/list-fields';
import { calls, problems, route, saves } from '@/lib/unite';
import { idempotencyKeyOf, readBody, readQuery } from '@/lib/validate';

/** A search reads every contact of the workspace, so it counts for more than a page of the list. */
export const GET = route(
  async (request) => Response.json(await listContacts(await readQuery(request, contactQuery))),
  { quota: { use: (request) => calls(isSearch(request) ? 5 : 1)() } },
);

/** With an `Idempotency-Key`, a request that is sent again makes no second contact. */
export const POST = route(async (request) => {
  requirePermission('write contacts');
  const given = await readBody(request, newContact(await listFields()));
  const contact = await createContact(given, idempotencyKeyOf(request));
  const headers = { location: `/api/contacts/${contact.id}`, etag: `"${contact.version}"` };
  return Response.json(contact, { status: 201, headers });
}, saves);

const refuse = methodNotAllowed(problems, ['GET', 'POST']);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);

function isSearch({ url }: Request): boolean {
  return (new URL(url).searchParams.get('q') ?? '').trim() !== '';
}
