import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { diskCheck } from '../../src/checks';
import { ask } from './support/ask';

/** A disk of 100 GB with 8 free, 5 of which are root's alone. */
function fakeDisk() {
  const disk = { type: 0, bsize: 4_096, blocks: 25_000_000, bfree: 2_000_000, bavail: 750_000 };
  jest.spyOn(fs, 'statfs').mockResolvedValue({ ...disk, files: 0, ffree: 0 });
}

describe('diskCheck', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('looks at a real disk', async () => {
    expect(await ask(diskCheck({ path: tmpdir(), minFreeBytes: 1 }))).toMatchObject({
      status: 'up',
      detail: expect.stringMatching(/^[\d.]+ GB free \([\d.]+ %\)$/),
    });
    expect((await ask(diskCheck({ path: tmpdir(), minFreeBytes: 1e18 }))).status).toBe('down');
  });

  it.each([
    ['no more is said', {}, 'down'],
    ['bytes are there', { minFreeBytes: 3e9 }, 'up'],
    ["bytes are only root's", { minFreeBytes: 4e9 }, 'down'],
    ['the share is there', { minFreeRatio: 0.03 }, 'up'],
    ['the share is not there', { minFreeRatio: 0.04 }, 'down'],
    ['bytes are there and the share is not', { minFreeBytes: 1, minFreeRatio: 0.5 }, 'down'],
  ])('counts what this process may use, where %s', async (_, options, status) => {
    fakeDisk();
    expect(await ask(diskCheck({ path: '/', ...options }))).toMatchObject({
      status,
      detail: '3.07 GB free (3.2 %)',
    });
  });

  it('says what is wrong with the path', async () => {
    const path = join(tmpdir(), 'unite-missing');
    expect(await ask(diskCheck({ path }))).toMatchObject({ status: 'down', detail: `there is no ${path}` });
    expect(await ask(diskCheck({ path: '/dev/null/x' }))).toMatchObject({
      status: 'down',
      detail: '/dev/null/x cannot be looked at: ENOTDIR',
    });
    jest.spyOn(fs, 'statfs').mockRejectedValue(new Error('?'));
    expect((await ask(diskCheck({ path: '/' }))).detail).toBe('/ cannot be looked at: unknown');
  });

  it('takes one thread for a file system that never answers, and ends with its signal', async () => {
    const statfs = jest.spyOn(fs, 'statfs').mockReturnValue(new Promise(() => undefined) as never);
    const check = diskCheck({ path: '/', timeoutMs: 20 });
    for (const _ of [1, 2]) expect((await ask(check)).detail).toBe('no answer in 18 ms');
    expect(statfs).toHaveBeenCalledTimes(1);
    const abort = new AbortController();
    const running = check.run(abort.signal);
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  it.each([
    [{}, 'option "path" must be a non-empty string, got undefined'],
    [{ path: '/', minFreeRatio: 1 }, 'option "minFreeRatio" must be a number above 0 and below 1, got 1'],
    [{ path: '/', minFreeBytes: -1 }, 'option "minFreeBytes" must be a positive number, got -1'],
  ])('names the option that is wrong: %j', (options, message) => {
    expect(() => diskCheck(options as never)).toThrow(`diskCheck: ${message}`);
  });
});
