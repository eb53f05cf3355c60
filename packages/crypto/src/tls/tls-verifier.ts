import type { Finding, Verifier } from '@unite/core';
import { optionChecks } from '@unite/shared';
import { checkPostureOptions, checkTlsPosture } from './check-tls-posture';
import type { TlsHop, TlsPostureOptions } from './posture-types';

/**
 * Proves for `unite verify` that every way that data takes is encrypted by TLS 1.3 alone.
 *
 * @throws TypeError for options that are none
 * @example
 * export default defineConfig({ verify: [tlsVerifier({ hops: [pgHop({ url, ca, Client: pg.Client })] })] });
 */
export function tlsVerifier({
  name = 'tls',
  ...options
}: Omit<TlsPostureOptions, 'signal'> & {
  /** Name of the verifier. @default 'tls' */
  readonly name?: string | undefined;
}): Verifier {
  const demand = optionChecks.string(name);
  if (demand) throw new TypeError(`tlsVerifier: option "name" must be ${demand}`);
  checkPostureOptions('tlsVerifier', options);
  return {
    name,
    about: 'every hop speaks TLS 1.3 with a server that proves its name, and refuses what is older',
    timeoutMs: (options.timeoutMs ?? 5_000) + 1_000,
    run: async (run) => {
      run.note(`shaking hands over ${options.hops.length} hops`);
      return (await checkTlsPosture({ ...options, signal: run.signal })).map(findingOf);
    },
  };
}

function findingOf({ name, from, status, detail, remedy, protocol, cipher, expiresAtMs }: TlsHop): Finding {
  return {
    subject: `${from} to ${name}`,
    status,
    detail,
    ...(remedy !== undefined && { remedy }),
    measured: {
      ...(protocol !== undefined && { protocol }),
      ...(cipher !== undefined && { cipher }),
      ...(expiresAtMs !== undefined && { expiresAt: new Date(expiresAtMs).toISOString() }),
    },
  };
}
