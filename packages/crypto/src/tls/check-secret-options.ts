import { checkOptions, type OptionCheck } from '@unite/shared';
import { describeSecret } from './check-pem';

/**
 * Checks options as `checkOptions` does, and shows no value in the message: any of them may be a key.
 *
 * @throws TypeError `clientTls: option "ca" must be certificates in PEM …, got text`
 */
export function checkSecretOptions(
  owner: string,
  options: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
  required: readonly string[] = [],
): void {
  const refuse = (name: string, check: OptionCheck): OptionCheck => {
    return (value) => {
      const demand = check(value);
      if (demand === undefined) return undefined;
      throw new TypeError(`${owner}: option "${name}" must be ${demand}, got ${describeSecret(value)}`);
    };
  };
  const quiet = Object.entries(checks).map(([name, check]) => [name, refuse(name, check)] as const);
  checkOptions(owner, options, Object.fromEntries(quiet), required);
}
