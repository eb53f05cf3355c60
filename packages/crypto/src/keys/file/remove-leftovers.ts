import { constants } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A draft of a keyring, with all of its keys. */
const draft = /^\.[0-9a-f]{16}\.tmp$/;
/** What processes left that were killed while they took a lock. */
const lockFile = /^\.lock(\.[0-9a-f]{16})+(\.tmp)?$/;
/** No keyring is longer, and whoever may write to the folder may put anything there. */
const maxBytes = 1_048_576;

/**
 * Removes what processes left that were killed while they wrote the keyring. For whoever holds its lock. What cannot
 * be removed, such as another user's, stops nobody from writing.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const name = basename(path);
  for (const entry of await readdir(dirname(path)).catch(() => [])) {
    const ending = entry.startsWith(name) ? entry.slice(name.length) : '';
    if (!draft.test(ending) && !lockFile.test(ending)) continue;
    const leftover = join(dirname(path), entry);
    await overwrite(leftover).catch(ignore);
    await rm(leftover, { force: true }).catch(ignore);
  }
}

/** As far as a disk overwrites what it is told to. */
async function overwrite(path: string): Promise<void> {
  // Behind a link may be any file of the machine.
  const handle = await open(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  try {
    const stats = await handle.stat();
    // Of a file with two names the other one is the keyring's own.
    if (!stats.isFile() || stats.nlink > 1) return;
    const zeros = Buffer.alloc(Math.min(stats.size, maxBytes));
    await handle.write(zeros, 0, zeros.length, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignore(): void {}
