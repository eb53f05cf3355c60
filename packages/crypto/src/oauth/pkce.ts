import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as text that fits everywhere: a state, a nonce, a code verifier (RFC 7636 §4.1: 43 characters). */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The challenge by S256, which is the only method that is used. RFC 7636 §4.2 */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
