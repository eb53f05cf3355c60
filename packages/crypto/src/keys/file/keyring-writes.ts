import { randomBytes } from 'node:crypto';
import { chown, link, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '@unite/core';
import { systemClock } from '@unite/shared';
import { CryptoError } from '../../errors';
import type { KeyringFile } from './keyring-file-types';
import { fileError, readKeyringFile } from './read-keyring-file';
import { syncDirectory } from './sync-directory';
import { writeNewFile } from './write-new-file';

/** Options of all that writes a keyring file. */
export interface KeyringWriteOptions {
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
  /** Longest time to wait for another writer, in milliseconds. @default 5_000 */
  readonly lockTimeoutMs?: number | undefined;
}

const pollMs = 20;

/** Writes a keyring that is not there yet. @throws CryptoError `UNITE_CRYPTO_KEY_CONFLICT` */
export async function writeNewKeyring(path: string, file: KeyringFile): Promise<void> {
  await through(path, async (draft) => {
    await writeNewFile(draft, textOf(file));
    await link(draft, path);
    await rm(draft);
  });
}

/**
 * Changes a keyring: the file is replaced as a whole, and by one writer at a time.
 *
 * @throws CryptoError `UNITE_CRYPTO_KEYRING_INVALID`, `UNITE_CRYPTO_KEYS_UNAVAILABLE`, or what `change` throws
 */
export async function changeKeyring(
  given: string,
  { clock = systemClock, lockTimeoutMs = 5_000 }: KeyringWriteOptions,
  change: (file: KeyringFile) => KeyringFile,
): Promise<void> {
  // What a link leads to is replaced, not the link.
  const path = await realpath(given).catch(() => given);
  const lock = `${path}.lock`;
  await takeLock(lock, clock, lockTimeoutMs);
  try {
    const { file, uid, gid } = await readKeyringFile(path);
    const changed = change(file);
    await through(path, async (draft) => {
      await writeNewFile(draft, textOf(changed));
      // Root may change the keyring of a service, which has to be able to read it afterwards.
      if (uid !== process.getuid?.() || gid !== process.getgid?.()) await chown(draft, uid, gid);
      await rename(draft, path);
    });
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string, clock: Clock, timeoutMs: number): Promise<void> {
  const untilMs = clock.monotonicMs() + timeoutMs;
  while (true) {
    try {
      return await writeNewFile(lock, `${process.pid}\n`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError(lock, error);
    }
    if (clock.monotonicMs() >= untilMs) {
      throw new CryptoError(
        'UNITE_CRYPTO_KEYS_UNAVAILABLE',
        `${lock} is there: another process writes the keyring. Remove the lock if none does`,
      );
    }
    await clock.sleep(pollMs);
  }
}

async function through(path: string, work: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    await work(draft);
    await syncDirectory(dirname(path));
  } catch (error) {
    await rm(draft, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new CryptoError('UNITE_CRYPTO_KEY_CONFLICT', `${path} is there already`);
    throw fileError(path, error);
  }
}

function textOf({ primary, keys }: KeyringFile): string {
  const entries = [...keys].map(([id, { key, createdAtMs, state }]) => [
    id,
    { ...(key && { key: key.toString('base64') }), createdAt: new Date(createdAtMs).toISOString(), state },
  ]);
  return `${JSON.stringify({ version: 1, primary, keys: Object.fromEntries(entries) }, null, 2)}\n`;
}
