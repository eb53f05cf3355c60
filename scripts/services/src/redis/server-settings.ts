import { randomBytes } from 'node:crypto';
import type { RedisSettings } from '../types';

/** The settings of a server that keeps nothing on disk and has a password of its own; the caller's win. */
export function serverSettings(
  settings: RedisSettings = {},
): RedisSettings & { readonly requirepass: string } {
  return {
    requirepass: newPassword(),
    save: '""',
    appendonly: 'no',
    // A replica has its copy at once, not after five seconds, and leaves no file of it.
    'repl-diskless-sync-delay': '0',
    'rdb-del-sync-files': 'yes',
    ...settings,
  };
}

function newPassword(): string {
  return randomBytes(18).toString('base64url');
}
