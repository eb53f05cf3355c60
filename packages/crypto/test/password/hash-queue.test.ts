import { describe, expect, test } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { createPasswords, type PasswordAlgorithm, scrypt } from '../../src/password';

/** Hashes that end when a test says so. */
function setUp(maxConcurrent: number, maxQueued: number) {
  const begun: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const algorithm: PasswordAlgorithm = {
    ...scrypt({ cost: 1_024 }),
    derive: () =>
      new Promise((resolve) => {
        running += 1;
        most = Math.max(most, running);
        begun.push(() => {
          running -= 1;
          resolve(new Uint8Array(32));
        });
      }),
  };
  const passwords = createPasswords({ algorithm, maxConcurrent, maxQueued });
  return { passwords, begun, most: () => most };
}

describe('many at once', () => {
  test('so many are hashed, so many wait in order, and the rest is refused', async () => {
    const { passwords, begun, most } = setUp(2, 3);
    const ended: number[] = [];
    const work = [1, 2, 3, 4, 5].map((place) => passwords.hash('password').then(() => ended.push(place)));
    await settle();
    const refused = passwords.hash('password');
    await expect(refused).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_PASSWORD_BUSY',
      status: 503,
      headers: { 'Retry-After': '1' },
    });
    expect(passwords.status()).toEqual({ running: 2, queued: 3, refused: 1 });
    for (const place of [0, 1, 2, 3, 4]) {
      begun[place]?.();
      await settle();
    }
    await Promise.all(work);
    expect(ended).toEqual([1, 2, 3, 4, 5]);
    expect(most()).toBe(2);
    expect(passwords.status()).toEqual({ running: 0, queued: 0, refused: 1 });
  });

  test('who gives up leaves the queue, and what runs keeps its place to the end', async () => {
    const { passwords, begun, most } = setUp(1, 2);
    const [first, second] = [new AbortController(), new AbortController()];
    const running = passwords.verify(undefined, 'password', { signal: first.signal });
    const waiting = passwords.hash('password', { signal: second.signal });
    const last = passwords.hash('password', { signal: new AbortController().signal });
    second.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    first.abort(new Error('time is up'));
    await expect(running).rejects.toThrow('time is up');
    await settle();
    expect(passwords.status()).toEqual({ running: 1, queued: 1, refused: 0 });
    begun[0]?.();
    await settle();
    begun[1]?.();
    expect(await last).toContain('$scrypt$');
    expect(most()).toBe(1);
    expect(passwords.status()).toEqual({ running: 0, queued: 0, refused: 0 });
  });

  test('who gave up before is not begun with', async () => {
    const { passwords, begun } = setUp(1, 0);
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(passwords.hash('password', { signal })).rejects.toThrow('gone');
    expect(begun).toHaveLength(0);
  });

  test('who gives up at the moment of its turn still frees its place', async () => {
    const { passwords, begun } = setUp(1, 1);
    const controller = new AbortController();
    const first = passwords.hash('password');
    const second = passwords.hash('password', { signal: controller.signal });
    await settle();
    begun[0]?.();
    await first;
    controller.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    await settle();
    begun[1]?.();
    await settle();
    expect(passwords.status().running).toBe(0);
  });
});
