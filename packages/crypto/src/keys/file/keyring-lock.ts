import { randomBytes } from 'node:crypto';
import { link, readFile, rm } from 'node:fs/promises';
import type { Clock } from '@unite/core';
import { CryptoError } from '../../errors';
import { isGone, type LockHolder, parseHolder, thisProcess } from './lock-holder';
import { folderError } from './read-keyring-file';
import { writeNewFile } from './write-new-file';

const pollMs = 20;

/**
 * Works while no other process does: whoever does is named in the file `lock`. One whose process is gone, such as
 * killed, is taken over.
 *
 * @throws CryptoError `UNITE_CRYPTO_KEYS_UNAVAILABLE`, `UNITE_CRYPTO_KEYRING_INVALID` without a folder, or what `work`
 * throws
 */
export async function withLock<Result>(
  lock: string,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
  work: () => Promise<Result>,
): Promise<Result> {
  const untilMs = clock.monotonicMs() + timeoutMs;
  while (!(await take(lock))) {
    if (clock.monotonicMs() >= untilMs) throw await taken(lock);
    await clock.sleep(pollMs);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    const text = await textOf(lock);
    if (text === undefined) return await create(lock);
    const holder = parseHolder(text);
    if (holder && (await isGone(holder))) await removeGone(lock, holder);
    return false;
  } catch (error) {
    throw folderError(lock, error);
  }
}

/** The lock appears with all that is in it: nobody is killed before they are named. */
async function create(lock: string): Promise<boolean> {
  const draft = `${lock}.${randomBytes(8).toString('hex')}.tmp`;
  await writeNewFile(draft, `${JSON.stringify(await thisProcess())}\n`);
  try {
    await link(draft, lock);
    return true;
  } catch (error) {
    // Another was first, and may have removed the draft.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && code !== 'ENOENT') throw error;
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

/** By one process alone, which looks again: of two, the second would remove the lock of the first. */
async function removeGone(lock: string, { id }: LockHolder): Promise<void> {
  const claim = `${lock}.${id}`;
  if (!(await take(claim))) return;
  try {
    if (parseHolder((await textOf(lock)) ?? '')?.id === id) await rm(lock, { force: true });
  } finally {
    await rm(claim, { force: true });
  }
}

async function taken(lock: string): Promise<CryptoError> {
  const holder = parseHolder((await textOf(lock).catch(() => undefined)) ?? '');
  const who = holder ? `process ${holder.pid} of ${holder.host}` : 'another process';
  return new CryptoError(
    'UNITE_CRYPTO_KEYS_UNAVAILABLE',
    `${lock} is there: ${who} writes the keyring. Remove the lock if none does`,
  );
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
