import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import Provider from 'oidc-provider';
import { workspaces } from './seed/workspaces.mjs';

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
};

/**
 * Somebody who may sign in.
 *
 * @typedef {{ id: string; name: string; email: string; group: string; role: string }} Account
 * @typedef {object} IdentityProviderOptions
 * @property {number} [port] 0 for any that is free
 * @property {{ client_id: string; redirect_uris: string[]; client_secret?: string; post_logout_redirect_uris?: string[] }[]} clients
 * @property {Account[]} [accounts] the people of the demo workspaces unless others are given
 * @property {object} [configuration] more for `oidc-provider`
 */

/**
 * An OpenID Connect provider for the demo and for tests, in memory: whoever picks a person is that person. PKCE is
 * demanded of every client, and keys are new at each start. A `login_hint` that is somebody's id picks that person, so that
 * a button of the application is enough; code, PKCE, state and nonce are the same. Not for anything that is not a demo.
 *
 * @param {IdentityProviderOptions} options
 */
export async function startIdentityProvider({
  port = 0,
  clients,
  accounts = demoAccounts(),
  configuration = {},
}) {
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    clients: clients.map((client) => ({
      token_endpoint_auth_method: client.client_secret ? 'client_secret_basic' : 'none',
      ...client,
    })),
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'demo' }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    // In the ID token too, so that no request of its own is needed for a name.
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], profile: ['name', 'role', 'workspace'], email: ['email', 'email_verified'] },
    interactions: { url: (_, { uid }) => `/sign-in/${uid}` },
    findAccount: (_, id) => {
      const account = byId.get(id);
      return account && { accountId: id, claims: () => claimsOf(account) };
    },
    loadExistingGrant: consentToAll,
    ttl: { Session: 86_400, Interaction: 600, Grant: 86_400, AccessToken: 600, IdToken: 600 },
    ...configuration,
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/sign-in/')) return answer(request, response);
    signIn(provider, byId, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(400, pageHeaders);
      response.end(page('This sign-in is over', '<p>Go back to the application, and begin again.</p>'));
    });
  });
  return {
    issuer,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The people of the demo workspaces: `lantern-ada`. */
function demoAccounts() {
  return workspaces.flatMap(({ id, name: group, people }) =>
    people.map(([name, role]) => {
      const person = name.toLowerCase();
      return { id: `${id}-${person}`, name, email: `${person}@${id}.example`, group, role };
    }),
  );
}

function claimsOf({ id, name, email, group, role }) {
  return { sub: id, name, email, email_verified: true, workspace: group, role };
}

/** Nobody is asked whether the application may know their name. */
async function consentToAll({ oidc }) {
  const grantId = oidc.result?.consent?.grantId ?? oidc.session.grantIdFor(oidc.client.clientId);
  const found = grantId && (await oidc.provider.Grant.find(grantId));
  if (found) return found;
  const grant = new oidc.provider.Grant({
    clientId: oidc.client.clientId,
    accountId: oidc.session.accountId,
  });
  grant.addOIDCScope('openid profile email offline_access');
  await grant.save();
  return grant;
}

/** Takes who was hinted at; else shows who there is, and takes who was picked. The provider's cookie ties both to one browser. */
async function signIn(provider, byId, request, response) {
  const { uid, params } = await provider.interactionDetails(request, response);
  const isHinted = byId.has(params.login_hint);
  if (request.method !== 'POST' && !isHinted) {
    response.writeHead(200, pageHeaders);
    return response.end(page('Who are you?', peopleForm(uid, [...byId.values()])));
  }
  const accountId = isHinted
    ? params.login_hint
    : (new URLSearchParams(await text(request)).get('account') ?? '');
  const result = byId.has(accountId) ? { login: { accountId } } : { error: 'access_denied' };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function peopleForm(uid, accounts) {
  const groups = new Set(accounts.map(({ group }) => group));
  const sets = [...groups].map(
    (group) =>
      `<fieldset><legend>${escaped(group)}</legend>${accounts
        .filter((account) => account.group === group)
        .map(personButton)
        .join('')}</fieldset>`,
  );
  return `<form method="post" action="/sign-in/${escaped(uid)}">${sets.join('')}
<button name="account" value="">Do not sign in</button></form>`;
}

function personButton({ id, name, role }) {
  return `<button name="account" value="${escaped(id)}">${escaped(name)}, ${escaped(role)}</button> `;
}

function page(title, body) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>body{font:1rem/1.5 system-ui;max-width:40rem;margin:2rem auto;padding:0 1rem}
fieldset{margin:1rem 0}button{font:inherit;padding:.5rem .75rem;margin:.25rem}</style>
<main><h1>${title}</h1><p>Demo only: whoever picks a person is that person.</p>${body}</main></html>`;
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { PORT, REDIRECT_URI = '' } = process.env;
  const clients = [{ client_id: 'crm', redirect_uris: [REDIRECT_URI] }];
  const { issuer } = await startIdentityProvider({ port: Number(PORT ?? 0), clients });
  console.info(issuer);
}
