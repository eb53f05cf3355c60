import { attack } from './client';

/** A new contact of whoever has this cookie. */
export async function newContact(
  cookie: string,
  fields: object = {},
): Promise<{ id: string; version: number }> {
  const json = { email: `${crypto.randomUUID()}@attack.example`, ...fields };
  const answer = await attack('/api/contacts', { method: 'POST', path: '/api/contacts', cookie, json });
  if (answer.status !== 201) throw new Error(`No contact: ${answer.status} ${answer.text}`);
  return JSON.parse(answer.text);
}
