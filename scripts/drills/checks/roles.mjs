import { verdict } from '../scene/verdict.mjs';

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const rolesHold = {
  name: 'roles',
  about: 'A viewer tries to write, an owner does: only one of them may.',
  async run({ ask }, { score }) {
    const viewer = await signIn(ask, 'harbour-luis');
    const owner = await signIn(ask, 'harbour-imani');
    const json = { email: `${crypto.randomUUID()}@roles.example` };
    const seen = await ask('/api/contacts?pageSize=1', { cookie: viewer });
    const made = await ask('/api/contacts', { method: 'POST', json, cookie: owner });
    const path = `/api/contacts/${made.json.id}`;
    const tries = [
      await ask('/api/contacts', { method: 'POST', json, cookie: viewer }),
      await ask(path, { method: 'PATCH', json: { notes: 'not mine' }, cookie: viewer }),
      await ask(path, { method: 'DELETE', cookie: viewer }),
    ];
    const refused = tries.filter(({ status }) => status === 403).length;
    score(
      verdict(
        'RBAC: a viewer reads and is refused every write',
        seen.status === 200 && made.status === 201 && refused === tries.length,
        `${refused} of ${tries.length} writes refused; reading ${seen.status}, the owner's write ${made.status}`,
        { refused, tries: tries.length },
      ),
    );
  },
};

/**
 * @param {import('../scene/start-scene.mjs').Scene['ask']} ask
 * @param {string} userId
 */
async function signIn(ask, userId) {
  const { headers, status } = await ask('/api/session', { method: 'POST', json: { userId } });
  const cookie = headers.getSetCookie().find((line) => line.startsWith('crm_session='));
  if (!cookie) throw new Error(`${userId} cannot sign in: ${status}`);
  return cookie.slice(0, cookie.indexOf(';'));
}
