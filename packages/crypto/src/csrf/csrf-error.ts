import { CryptoError } from '../errors';
import type { CsrfRefusal } from './csrf-types';

/** What the answer depends on, for caches. */
export const csrfVary = 'Sec-Fetch-Site, Origin';

const reasons: Readonly<Record<CsrfRefusal, string>> = {
  'cross-site': 'it was sent by another site',
  'same-site': 'it was sent by another origin of this site',
  'foreign-origin': 'its origin is not the host that it was sent to',
  'token-missing': 'it has neither an origin nor a token',
  'token-invalid': 'its token is not of this session, or has expired',
  unreadable: 'its headers cannot be read',
};

/** The error of a refused request. It repeats nothing that the client sent. */
export function csrfError(reason: CsrfRefusal): CryptoError {
  return new CryptoError('UNITE_CRYPTO_CSRF_REFUSED', `The request was refused: ${reasons[reason]}`, {
    problem: {
      type: 'about:blank',
      status: 403,
      title: 'Forbidden',
      detail: `The request was refused: ${reasons[reason]}.`,
      headers: { Vary: csrfVary },
    },
  });
}
