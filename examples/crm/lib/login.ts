import { once } from '@unite/core/once';
import { createLogin, type Login } from '@unite/crypto/oauth';
import { findPerson } from './directory';
import { type Env, env } from './env';
import type { Session } from './session';
import { problems, sessions } from './unite';

/** Signs in by the identity provider, with PKCE. Absent where none is set up. */
export const login: Login | undefined = env.identityProvider && createLoginBy(env.identityProvider);

function createLoginBy(identityProvider: NonNullable<Env['identityProvider']>): Login {
  return once('crm.login', () =>
    createLogin<Session>({
      ...identityProvider,
      redirectUri: new URL('/api/session/callback', env.publicUrl),
      sessions,
      secrets: [env.sessionSecret],
      postLoginPath: '/contacts',
      toSession: ({ sub }) => personOrNobody(sub),
      // Another person may sign in after this one, who is still known to the provider.
      parameters: (request) => ({ prompt: 'login', ...hintOf(request) }),
      // Everywhere but on this machine it must be https all the same.
      allowInsecureHttp: true,
    }),
  );
}

/**
 * `?person=lantern-ada` of a demo: the provider that comes with it signs that person in without asking. It stays a hint,
 * and any other provider asks all the same.
 */
function hintOf(request: Request): { readonly login_hint?: string } {
  const person = new URL(request.url).searchParams.get('person');
  const isWanted = env.isDemo && person !== null && /^[a-z-]{1,100}$/.test(person);
  return isWanted ? { login_hint: person } : {};
}

/** Whom the provider knows and this application does not may not sign in. */
async function personOrNobody(userId: string): Promise<Session | undefined> {
  try {
    return await findPerson(userId);
  } catch (error) {
    if (problems.from(error).status === 404) return undefined;
    throw error;
  }
}
