import { createHmac, timingSafeEqual } from 'node:crypto';

/** HMAC-SHA-256 as base64url. */
export function signToken(payload: string, secret: string): string {
  // The name keeps a signature made with the same secret for another purpose from being taken for ours.
  return createHmac('sha256', secret).update(`unite-consistency:${payload}`).digest('base64url');
}

/** @param signature as long as {@link signToken} makes them */
export function isSigned(payload: string, signature: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature);
  return secrets.some((secret) => timingSafeEqual(given, Buffer.from(signToken(payload, secret))));
}
