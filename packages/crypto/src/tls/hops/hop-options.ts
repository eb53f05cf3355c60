import { type OptionCheck, optionChecks } from '@unite/shared';
import { checkSecretOptions } from '../check-secret-options';
import { clientTlsChecks } from '../client-tls';

/** Checks what every hop is told, and what one is told besides. @throws TypeError */
export function checkHopOptions(
  owner: string,
  options: unknown,
  further: Readonly<Record<string, OptionCheck>> = {},
  required: readonly string[] = [],
): void {
  const { string } = optionChecks;
  const checks = {
    ...clientTlsChecks,
    url: string,
    name: string,
    from: string,
    servername: string,
    ...further,
  };
  checkSecretOptions(owner, options, checks, ['url', ...required]);
}
