import { methodNotAllowed } from '@unite/problem/next';
import { hotLeadsQuery } from '@/lib/contacts/contact';
import { listHotLeads } from '@/lib/contacts/hot-leads';
import { problems, route } from '@/lib/unite';
import { readQuery } from '@/lib/validate';

/** The best open leads, from the score `min` on. */
export const GET = route(async (request) =>
  Response.json(await listHotLeads((await readQuery(request, hotLeadsQuery)).min)),
);

const refuse = methodNotAllowed(problems, ['GET']);
export const POST = route(refuse.POST);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
