import { signIn } from '../measure/workload.mjs';

/** An owner, who sees most. */
const person = 'harbour-imani';

/**
 * Where the screens are, and the cookie of somebody who may see them.
 *
 * @param {string} url
 * @param {string[]} routes
 * @throws {Error} where nobody can be signed in
 */
export async function screensOf(url, routes) {
  const cookie = await signIn(url, person).catch((error) => {
    throw new Error(`${person} cannot be signed in at ${url}: ${error.cause?.message ?? error.message}`);
  });
  const screens = [];
  for (const route of routes) {
    const path = route === '/contacts/[id]' ? `/contacts/${await firstContact(url, cookie)}` : route;
    screens.push({ route, address: new URL(path, url).href, cookie });
  }
  return screens;
}

async function firstContact(url, cookie) {
  const response = await fetch(new URL('/api/contacts?pageSize=1', url), { headers: { cookie } });
  if (!response.ok) throw new Error(`The contacts were answered with ${response.status}`);
  const { contacts } = await response.json();
  return contacts[0].id;
}
