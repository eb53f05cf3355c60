import { CryptoError } from '../errors';

/**
 * A password as it is hashed: in NFC, as UTF-8. NIST SP 800-63B-4 §3.1.1.2 asks for the process for stabilized strings
 * (UAX #15 §12.1): characters that this version of Unicode does not know are refused, since a later one might write
 * them in another way, and the password would fit no longer.
 *
 * @throws CryptoError `UNITE_CRYPTO_PASSWORD_INVALID`, which repeats nothing of the password
 */
export function preparePassword(password: unknown, maxBytes: number): Buffer {
  if (typeof password !== 'string') throw invalid('must be text');
  if (password === '') throw invalid('must not be empty');
  // Before anything walks through it.
  if (password.length > maxBytes) throw invalid(`must not be longer than ${maxBytes} bytes`);
  if (/[\p{Cs}\p{Cn}]/u.test(password)) throw invalid('has a character that is not known');
  const bytes = Buffer.from(password.normalize('NFC'));
  if (bytes.length > maxBytes) throw invalid(`must not be longer than ${maxBytes} bytes`);
  return bytes;
}

function invalid(what: string): CryptoError {
  return new CryptoError('UNITE_CRYPTO_PASSWORD_INVALID', `The password ${what}`, {
    problem: {
      type: 'about:blank',
      status: 422,
      title: 'Unprocessable Content',
      detail: `The password ${what}.`,
    },
  });
}
