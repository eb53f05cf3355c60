import { createRandom } from '../seed/random.mjs';

/** What people look at, and how often: the first page most. */
const looks = [
  ['', 40],
  ['?page=2', 12],
  ['?page=3', 5],
  ['?sort=name', 8],
  ['?sort=name&page=2', 4],
  ['?sort=company', 4],
  ['?stage=lead', 8],
  ['?stage=qualified', 6],
  ['?stage=customer', 5],
  ['?q=robotics', 4],
  ['?q=lindgren', 2],
  ['?q=freight&stage=lead', 2],
];

/** The same addresses in the same order on every run. */
export function addresses(count) {
  const random = createRandom(7);
  return Array.from({ length: count }, () => random.pickWeighted(looks));
}

export async function signIn(origin, userId) {
  const response = await fetch(`${origin}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId }),
  });
  if (!response.ok) throw new Error(`Signing in was answered with ${response.status}`);
  return response.headers.getSetCookie()[0].split(';')[0];
}

/** Somebody else changes a contact of the same workspace. */
export async function change(origin, index) {
  const headers = { 'x-demo-workspace': 'meridian', 'content-type': 'application/json' };
  const list = await fetch(`${origin}/api/contacts?sort=name&pageSize=1&page=${1 + (index % 50)}`, {
    headers,
  });
  const { contacts } = await list.json();
  const response = await fetch(`${origin}/api/contacts/${contacts[0].id}`, {
    method: 'PATCH',
    headers,
    body: JSON.stringify({ notes: `Called, ${index}` }),
  });
  if (!response.ok) throw new Error(`A change was answered with ${response.status}`);
  await response.arrayBuffer();
}
