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
      // Everywhere but on this machine it must be https all the same.
      // Another person may sign in after this one, who is still known to the provider.
      parameters: { prompt: 'login' },
      allowInsecureHttp: true,
    }),
  );
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
