import { methodNotAllowed } from '@unite/problem/next';
import { importBody } from '@/lib/contacts/import/import-body';
import { importContacts } from '@/lib/contacts/import/import-contacts';
import { maxImportBytes } from '@/lib/contacts/import/import-types';
import { requirePermission } from '@/lib/current-session';
import { calls, problems, route, saves } from '@/lib/unite';
import { idempotencyKeyOf, readBody } from '@/lib/validate';

/** In JSON each quote and the end of each line takes two. */
const maxBodyBytes = 2 * maxImportBytes + 1_000;
const bytesPerCall = 50_000;

/** Takes a call for every 50 kB. With an `Idempotency-Key`, a request that is sent again makes no second contacts. */
export const POST = route(
  async (request) => {
    requirePermission('write contacts');
    const body = await readBody(request, importBody, maxBodyBytes);
    return Response.json(await importContacts(body, idempotencyKeyOf(request)));
  },
  { ...saves, quota: { use: (request) => calls(callsOf(request))() } },
);

const refuse = methodNotAllowed(problems, ['POST']);
export const GET = route(refuse.GET);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);

/** What does not say how long it is may be as long as any. */
function callsOf({ headers }: Request): number {
  const bytes = Math.min(Number(headers.get('content-length') ?? maxBodyBytes), maxBodyBytes);
  return Math.max(1, Math.ceil(bytes / bytesPerCall));
}
