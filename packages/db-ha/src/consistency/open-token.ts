import { systemClock, warnOnce } from '@unite/shared';
import type { ConsistencyToken } from '../types';
import { checkSealOptions, defaultMaxAgeMs } from './seal-options';
import { isSigned } from './token-signature';
import type { TokenSealOptions } from './types';

const maxTextLength = 128;
const sealed = /^1\.(-?\d{1,20})\.(\d{1,10})\.([0-9a-f]{0,16})\.([0-9a-f]{1,12})\.[\w-]{43}$/;

/**
 * Reads what `sealToken` wrote. Whatever a client may send, it never throws.
 *
 * @param text as it came; anything that is no text is no token
 * @returns `undefined` for a text that is malformed, forged, or older than `maxAgeMs`
 * @throws TypeError for an option that is malformed
 * @example
 * const after = openToken(job.seen, { secrets });
 * await db.readOnly({ after }).query('SELECT …');
 */
export function openToken(text: unknown, options: TokenSealOptions): ConsistencyToken | undefined {
  checkSealOptions('openToken', options);
  const { secrets, maxAgeMs = defaultMaxAgeMs, clock = systemClock } = options;
  if (typeof text !== 'string' || text.length > maxTextLength) return undefined;
  const [, systemId, timeline, position, sealedAtMs] = sealed.exec(text) ?? [];
  if (!systemId) return undefined;
  const end = text.lastIndexOf('.');
  if (!isSigned(text.slice(0, end), text.slice(end + 1), secrets)) {
    warnOnce(
      'UNITE_DB_CONSISTENCY_REFUSED',
      'A consistency token was forged, or sealed with a secret that this server does not have; it is ignored',
    );
    return undefined;
  }
  if (clock.wallMs() - Number(`0x${sealedAtMs}`) > maxAgeMs) return undefined;
  return { systemId, timeline: Number(timeline), lsn: position ? BigInt(`0x${position}`) : undefined };
}
