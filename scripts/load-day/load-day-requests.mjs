/** What people ask for, and how often: mostly to look, one in fifty to add somebody. */
const plans = { api: apiRequests, crm: crmRequests };

/**
 * @param {'crm' | 'api'} app
 * @param {import('../stack/start-stack.mjs').Stack} stack
 * @returns {Promise<import('../../packages/ops/src/load/load-types').LoadRequest[]>}
 */
export async function loadDayRequests(app, stack) {
  const url = /** @type {import('../stack/start-proxied-app.mjs').ProxiedApp} */ (stack.apps[app]).url;
  const { headers } = stack;
  const list = await fetch(`${url}${app === 'crm' ? '/api' : '/api/v1'}/contacts?pageSize=3`, { headers });
  const { contacts } = /** @type {{ contacts: readonly { id: string }[] }} */ (await list.json());
  return plans[app]({
    url,
    headers,
    ids: contacts.map(({ id }) => id),
    run: Date.now(),
  });
}

/** @typedef {{ url: string, headers: Record<string, string>, ids: readonly string[], run: number }} Place */

/** @param {Place} place */
function apiRequests({ headers, ids, run }) {
  return [
    { path: '/api/v1/contacts', weight: 40 },
    { name: 'GET /api/v1/contacts?page=', path: '/api/v1/contacts?page={n}', weight: 20 },
    { path: '/api/v1/contacts?q=quill', weight: 12 },
    ...ids.map((id, at) => ({
      name: `GET /api/v1/contacts/:id (${at + 1})`,
      path: `/api/v1/contacts/${id}`,
      weight: 5,
    })),
    { path: '/api/v1/hot-leads', weight: 8 },
    newContact('/api/v1/contacts', run),
  ].map((request) => withHeaders(request, headers));
}

/** @param {Place} place */
async function crmRequests({ url, headers, ids, run }) {
  const cookie = await signIn(url);
  const pages = [
    { path: '/contacts', weight: 14 },
    { name: 'GET /contacts?page=', path: '/contacts?page={n}', weight: 6 },
    { path: '/contacts?q=quill', weight: 4 },
    ...ids.map((id, at) => ({
      name: `GET /contacts/[id] (${at + 1})`,
      path: `/contacts/${id}`,
      weight: 4,
    })),
    { path: '/campaigns', weight: 3 },
    { path: '/usage', weight: 1 },
  ];
  const programs = [
    { path: '/api/contacts', weight: 20 },
    { name: 'GET /api/contacts?page=', path: '/api/contacts?page={n}', weight: 10 },
    { path: '/api/contacts?q=quill', weight: 6 },
    { name: 'GET /api/contacts/[id]', path: `/api/contacts/${ids[0]}`, weight: 9 },
    { path: '/api/hot-leads', weight: 5 },
    { path: '/api/campaigns', weight: 5 },
    newContact('/api/contacts', run),
  ];
  // A page that sends somebody to sign in is no answer.
  return [
    ...pages.map((page) => withHeaders({ ...page, expect: [200] }, { cookie })),
    ...programs.map((request) => withHeaders(request, headers)),
  ];
}

/**
 * @param {string} path
 * @param {number} run so that those of an earlier run are others
 */
function newContact(path, run) {
  return {
    method: 'POST',
    path,
    headers: { 'idempotency-key': `${run}-{user}-{n}` },
    body: { name: 'Ada {user}', email: `ada-${run}-{user}-{n}@load.example` },
    expect: [201],
    weight: 2,
  };
}

/**
 * @param {import('../../packages/ops/src/load/load-types').LoadRequest} request
 * @param {Record<string, string>} headers
 */
function withHeaders(request, headers) {
  return { ...request, headers: { ...headers, ...request.headers } };
}

/** @param {string} url */
async function signIn(url) {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: 'meridian-mira' }),
  });
  const [cookie] = response.headers.getSetCookie().filter((text) => text.startsWith('crm_session='));
  if (!cookie) throw new Error(`Nobody was signed in: ${response.status} ${await response.text()}`);
  return cookie.split(';')[0] ?? '';
}
