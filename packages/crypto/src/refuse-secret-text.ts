import type { OptionCheck } from '@unite/shared';

/**
 * Refuses a text where an object belongs, and shows nothing of it: it is most likely the secret itself, such as
 * `createCsrf({ secrets: env.secret })`, and `checkOptions` would print it.
 *
 * @param checks those of options that are no text
 * @throws TypeError that names the option
 */
export function refuseSecretText(
  owner: string,
  options: unknown,
  checks: Readonly<Record<string, OptionCheck>> = {},
): void {
  if (typeof options === 'string') throw new TypeError(`${owner}: options must be an object, got text`);
  for (const [name, check] of Object.entries(checks)) {
    const value = (options as Readonly<Record<string, unknown>> | null | undefined)?.[name];
    if (typeof value !== 'string') continue;
    throw new TypeError(`${owner}: option "${name}" must be ${check(value)}, got text`);
  }
}
