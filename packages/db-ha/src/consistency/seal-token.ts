import { systemClock } from '@unite/shared';
import type { ConsistencyToken } from '../types';
import { checkSealOptions } from './seal-options';
import { signToken } from './token-signature';
import type { TokenSealOptions } from './types';

/**
 * Writes a token as text that nobody without the secret can make or change: a forged one could keep a
 * client's reads on the primary, or name a timeline that never was. Safe in cookies, headers and URLs, and at
 * most 108 characters long: version, system id, timeline, log position and time of sealing (both in
 * hexadecimal) and signature, such as `1.7412345678901234567.2.3000148.19a8e2f4c00.…`.
 *
 * @throws TypeError for a token or an option that is malformed
 * @example
 * await jobs.add({ contactId, seen: token && sealToken(token, { secrets }) });
 */
export function sealToken(token: ConsistencyToken, options: TokenSealOptions): string {
  checkSealOptions('sealToken', options);
  const { secrets, clock = systemClock } = options;
  checkToken(token);
  // Without a position the token says "all that was written by now", which is for the next reader to find out.
  const position = token.lsn === undefined ? '' : token.lsn.toString(16);
  const sealedAtMs = Math.floor(clock.wallMs()).toString(16);
  const payload = `1.${token.systemId}.${token.timeline}.${position}.${sealedAtMs}`;
  return `${payload}.${signToken(payload, secrets[0] as string)}`;
}

function checkToken({ systemId, timeline, lsn }: ConsistencyToken): void {
  const isWhole =
    /^-?\d{1,20}$/.test(systemId) &&
    Number.isInteger(timeline) &&
    timeline > 0 &&
    timeline < 2 ** 32 &&
    (lsn === undefined || (lsn >= 0n && lsn < 1n << 64n));
  if (!isWhole) throw new TypeError(`sealToken: no token of PostgreSQL: ${systemId} ${timeline} ${lsn}`);
}
