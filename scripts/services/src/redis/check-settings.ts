import { ServicesError } from '../errors';
import type { RedisSettings } from '../types';

/** What every server needs as it is, to be found, read and ended. */
const own = ['bind', 'dir', 'daemonize', 'logfile'];

/**
 * Refuses settings that are not the caller's to make.
 *
 * @throws ServicesError `INVALID_OPTION`
 */
export function checkSettings(settings: RedisSettings, further: readonly string[] = []): void {
  const refused = Object.keys(settings).find((name) => [...own, ...further].includes(name.toLowerCase()));
  if (refused === undefined) return;
  throw new ServicesError(
    'INVALID_OPTION',
    `option "settings" cannot set "${refused}", which is chosen here`,
  );
}
