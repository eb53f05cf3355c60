import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { takeLock } from '../src/plain/lock.mjs';
import { processStartedAt } from '../src/plain/process-identity.mjs';
import { cleanUp, fixture, said, startProgram, temporaryDirectory } from './support';

describe('takeLock', () => {
  afterEach(cleanUp);

  it('is held until it is released, and leaves nothing', () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'below', 'lock');
    const lock = takeLock(path);
    expect(() => takeLock(path)).toThrow(
      expect.objectContaining({ code: 'UNITE_LOCK_HELD', pid: process.pid }),
    );
    lock.release();
    expect(readdirSync(join(directory, 'below'))).toEqual([]);
    takeLock(path).release();
  });

  it('replaces the lock of a process that is gone', async () => {
    const path = join(temporaryDirectory(), 'lock');
    const holder = startProgram(fixture('wait.mjs'));
    await said(holder, 'waiting');
    const pid = Number(holder.child.pid);
    writeFileSync(path, JSON.stringify({ pid, startedAt: processStartedAt(pid) }));
    expect(() => takeLock(path)).toThrow(expect.objectContaining({ pid }));

    holder.child.kill('SIGKILL');
    await holder.exited;
    const lock = takeLock(path);
    expect(lock.replacedPid).toBe(pid);
    expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.pid);
    lock.release();
  });

  it('replaces the lock of a process whose id is somebody else’s by now', () => {
    const path = join(temporaryDirectory(), 'lock');
    writeFileSync(path, JSON.stringify({ pid: process.pid, startedAt: 'another boot/1' }));
    expect(takeLock(path).replacedPid).toBe(process.pid);
  });

  it.each(['', '{', '{"pid":"x"}', 'null'])('replaces a lock file that says %j', (text) => {
    const path = join(temporaryDirectory(), 'lock');
    writeFileSync(path, text);
    takeLock(path).release();
    expect(existsSync(path)).toBe(false);
  });

  it('releases only its own lock', () => {
    const path = join(temporaryDirectory(), 'lock');
    const lock = takeLock(path);
    writeFileSync(path, 'of another');
    lock.release();
    expect(existsSync(path)).toBe(true);
  });
});
