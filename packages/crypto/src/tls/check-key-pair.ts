import { createPrivateKey, X509Certificate } from 'node:crypto';
import { pem } from './check-pem';
import type { Pem } from './types';

/**
 * Looks whether a certificate and a key can be read, and belong together.
 *
 * @throws TypeError, which shows nothing of either: what a parser says may hold a part of a key
 */
export function checkKeyPair(owner: string, cert: Pem, key: Pem): void {
  const certificate = parsed(() => new X509Certificate(pem(cert)));
  if (!certificate) throw new TypeError(`${owner}: option "cert" holds no certificate that can be read`);
  const privateKey = parsed(() => createPrivateKey(pem(key)));
  if (!privateKey) throw new TypeError(`${owner}: option "key" holds no private key that can be read`);
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new TypeError(`${owner}: option "key" is not the key of "cert"`);
  }
}

function parsed<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
