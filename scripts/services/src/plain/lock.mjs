// Plain JavaScript: `scripts/start.mjs` needs it before anything is built.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { processStartedAt } from './process-identity.mjs';

/** Another live process holds the lock. */
export class LockHeldError extends Error {
  code = 'UNITE_LOCK_HELD';

  /**
   * @param {string} path
   * @param {number} pid
   */
  constructor(path, pid) {
    super(`process ${pid} already holds ${path}`);
    this.name = 'LockHeldError';
    /** Process that holds the lock. */
    this.pid = pid;
  }
}

/**
 * Takes the lock file for this process. One whose holder is gone (a `kill -9`, a power cut) is replaced:
 * the file names the process together with its start time, so a reused id does not keep it alive.
 *
 * @param {string} path
 * @returns {{ replacedPid: number | undefined, release(): void }} `replacedPid` is the holder that died
 * @throws {LockHeldError}
 */
export function takeLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, startedAt: processStartedAt(process.pid) });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, mine);
  try {
    /** @type {number | undefined} */
    let replacedPid;
    while (!link(draft, path)) {
      const holder = readLock(path);
      if (holder?.alive) throw new LockHeldError(path, holder.pid);
      if (holder) replacedPid = holder.pid;
      discard(path, holder?.text);
    }
    return {
      replacedPid,
      release: () => {
        if (readLock(path)?.text === mine) rmSync(path, { force: true });
      },
    };
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Removes the dead holder's file, unless another process did so first and locked in between: then its
 * file was moved here, and goes back.
 *
 * @param {string} path
 * @param {string | undefined} expected
 */
function discard(path, expected) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readFileSync(aside, 'utf8') !== expected) link(aside, path);
  rmSync(aside, { force: true });
}

/** @param {string} path */
function readLock(path) {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const { pid, startedAt } = JSON.parse(text);
    return { text, pid: Number(pid), alive: startedAt !== undefined && processStartedAt(pid) === startedAt };
  } catch {
    return { text, pid: 0, alive: false };
  }
}

/**
 * A link appears whole or not at all, which `open` with `wx` followed by a write does not.
 *
 * @param {string} from
 * @param {string} to
 */
function link(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}
