import { checkOptions, optionChecks } from '@unite/shared';

/** Twice the lag at which a replica leaves the rotation. */
export const defaultMaxAgeMs = 60_000;

/** Checks of `TokenSealOptions`; {@link checkSecrets} is for the secrets, which no message may show. */
export const sealOptionChecks = {
  secrets: () => undefined,
  maxAgeMs: optionChecks.positive,
  clock: optionChecks.object,
};

/** @throws TypeError that names the option and what it got; never a secret */
export function checkSealOptions(owner: string, options: unknown): void {
  checkOptions(owner, options, sealOptionChecks, ['secrets']);
  checkSecrets(owner, (options as { secrets: unknown }).secrets);
}

/** @throws TypeError unless there is at least one secret, and each is long enough */
export function checkSecrets(owner: string, secrets: unknown): void {
  if (Array.isArray(secrets) && secrets.length > 0 && secrets.every(isLongEnough)) return;
  throw new TypeError(
    `${owner}: option "secrets" must be a non-empty array of strings of at least 32 characters each`,
  );
}

function isLongEnough(secret: unknown): boolean {
  return typeof secret === 'string' && secret.length >= 32;
}
