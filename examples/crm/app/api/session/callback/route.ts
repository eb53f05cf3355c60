import { CryptoError } from '@unite/crypto';
import { methodNotAllowed } from '@unite/problem/next';
import { login } from '@/lib/login';
import { problems, route } from '@/lib/unite';

/** Why a login ended, as the start page tells it. */
const reasons: Readonly<Record<string, string>> = {
  UNITE_CRYPTO_LOGIN_INVALID: 'expired',
  UNITE_CRYPTO_LOGIN_REFUSED: 'refused',
  UNITE_CRYPTO_LOGIN_UNAVAILABLE: 'unavailable',
};

/** Where the identity provider sends back to. Whoever comes is a person with a browser, so failures are told by a page. */
export const GET = route(
  async (request) => {
    if (!login) throw problems.error('sign-in-not-set-up', { detail: 'No identity provider is configured.' });
    try {
      return await login.finish(request);
    } catch (error) {
      const reason = CryptoError.isInstance(error) ? reasons[error.code] : undefined;
      if (reason === undefined) throw error;
      return new Response(null, { status: 303, headers: { location: `/?signIn=${reason}` } });
    }
  },
  { quota: false },
);

const refuse = methodNotAllowed(problems, ['GET']);
export const POST = route(refuse.POST);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
