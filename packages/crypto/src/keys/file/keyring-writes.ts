import { randomBytes } from 'node:crypto';
import { chown, link, realpath, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Clock } from '@unite/core';
import { systemClock } from '@unite/shared';
import { CryptoError } from '../../errors';
import type { KeyringFile } from './keyring-file-types';
import { withLock } from './keyring-lock';
import { folderError, readKeyringFile } from './read-keyring-file';
import { removeLeftovers } from './remove-leftovers';
import { syncDirectory } from './sync-directory';
import { writeNewFile } from './write-new-file';

/** Options of all that writes a keyring file. */
export interface KeyringWriteOptions {
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
  /** Longest time to wait for another writer, in milliseconds. @default 5_000 */
  readonly lockTimeoutMs?: number | undefined;
}

/** Writes a keyring that is not there yet. @throws CryptoError `UNITE_CRYPTO_KEY_CONFLICT` */
export async function writeNewKeyring(
  path: string,
  options: KeyringWriteOptions,
  file: KeyringFile,
): Promise<void> {
  await alone(path, options, (real) =>
    through(real, async (draft) => {
      await writeNewFile(draft, textOf(file));
      await link(draft, real);
      await rm(draft);
    }),
  );
}

/**
 * Changes a keyring: the file is replaced as a whole, and by one writer at a time.
 *
 * @throws CryptoError `UNITE_CRYPTO_KEYRING_INVALID`, `UNITE_CRYPTO_KEYS_UNAVAILABLE`, or what `change` throws
 */
export async function changeKeyring(
  path: string,
  options: KeyringWriteOptions,
  change: (file: KeyringFile) => KeyringFile,
): Promise<void> {
  await alone(path, options, async (real) => {
    const { file, uid, gid } = await readKeyringFile(real);
    const changed = change(file);
    await through(real, async (draft) => {
      await writeNewFile(draft, textOf(changed));
      // Root may change the keyring of a service, which has to be able to read it afterwards.
      if (uid !== process.getuid?.() || gid !== process.getgid?.()) await chown(draft, uid, gid);
      await rename(draft, real);
    });
  });
}

/** What a link leads to is replaced, not the link. */
async function alone(
  path: string,
  { clock = systemClock, lockTimeoutMs = 5_000 }: KeyringWriteOptions,
  work: (real: string) => Promise<void>,
): Promise<void> {
  const given = resolve(path);
  const real = await realpath(given).catch(() => given);
  await withLock(`${real}.lock`, { clock, timeoutMs: lockTimeoutMs }, async () => {
    await removeLeftovers(real);
    await work(real);
  });
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
    throw folderError(path, error);
  }
}

function textOf({ primary, keys }: KeyringFile): string {
  const entries = [...keys].map(([id, { key, createdAtMs, state }]) => [
    id,
    { ...(key && { key: key.toString('base64') }), createdAt: new Date(createdAtMs).toISOString(), state },
  ]);
  return `${JSON.stringify({ version: 1, primary, keys: Object.fromEntries(entries) }, null, 2)}\n`;
}
