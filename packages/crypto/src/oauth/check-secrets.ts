/** What cookies are encrypted with: text of at least 32 characters, or as many bytes. */
export type CookieSecret = string | Uint8Array;

const minLength = 32;
const maxSecrets = 8;

/**
 * Checks the option `secrets`, and shows nothing of it: `checkOptions` would print text.
 *
 * @throws TypeError
 */
export function checkSecrets(owner: string, secrets: unknown): void {
  const isList = Array.isArray(secrets) && secrets.length > 0 && secrets.length <= maxSecrets;
  if (isList && secrets.every(isSecret)) return;
  throw new TypeError(
    `${owner}: option "secrets" must be a list of 1 to ${maxSecrets} secrets of at least ${minLength} characters or bytes each, got ${described(secrets)}`,
  );
}

function isSecret(value: unknown): boolean {
  return (typeof value === 'string' || value instanceof Uint8Array) && value.length >= minLength;
}

function described(secrets: unknown): string {
  if (!Array.isArray(secrets)) return nameOf(secrets);
  const wrong = secrets.find((secret) => !isSecret(secret));
  return wrong === undefined ? `a list of ${secrets.length}` : `a list with ${nameOf(wrong)}`;
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') return `text of ${value.length} characters`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value;
}
