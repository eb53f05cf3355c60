import { describe, expect, it, test } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import fc from 'fast-check';
import { type AuthLimiterOptions, createAuthLimiter } from '../../src/auth';
import { QuotaError } from '../../src/errors';
import { createClientKey } from '../../src/key';
import { memoryStore } from '../../src/store/memory-store';
import { WaywardStore } from '../support/wayward-store';

const ada = 'ada@example.com';
const address = '192.0.2.1';

function open(options: Partial<AuthLimiterOptions> = {}) {
  const clock = manualClock();
  const limiter = createAuthLimiter({ store: memoryStore({ clock }), clock, ...options });
  /** Tries so often, and fails: how long each waits, 0 for those that may go on. */
  const fail = async (times: number, request: { account: string; address?: string }) => {
    const waitsMs: number[] = [];
    while (waitsMs.length < times) waitsMs.push((await limiter.attempt(request)).retryAfterMs);
    return waitsMs;
  };
  return { clock, limiter, fail };
}

describe('an account', () => {
  it('has five failures free; each further one closes it for twice as long, up to 15 minutes', async () => {
    const { clock, limiter, fail } = open();
    expect(await fail(6, { account: ada })).toEqual([0, 0, 0, 0, 0, 0]);
    for (const waitMs of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900].map(
      (seconds) => seconds * 1_000,
    )) {
      expect(await fail(2, { account: ada })).toEqual([waitMs, waitMs]);
      await clock.advance(waitMs - 1);
      expect(await fail(1, { account: ada })).toEqual([1]);
      await clock.advance(1);
      expect(await fail(1, { account: ada })).toEqual([0]);
    }
    expect(limiter.statistics()).toEqual({ allowed: 18, refused: 36, unavailable: 0, kept: 0 });
  });

  it('is forgiven after the longest wait without a failure, and not before', async () => {
    const { clock, fail } = open();
    await fail(6, { account: ada });
    await clock.advance(1_000 + 900_000 - 1);
    expect(await fail(2, { account: ada })).toEqual([0, 2_000]);
    await clock.advance(2_000 + 900_000);
    expect(await fail(7, { account: ada })).toEqual([0, 0, 0, 0, 0, 0, 1_000]);
  });

  it('that does not exist is as any other', async () => {
    const [known, unknown] = [open(), open()];
    const answers = async ({ fail }: typeof known, account: string) => fail(9, { account, address });
    expect(await answers(known, ada)).toEqual(await answers(unknown, 'nobody@example.com'));
  });

  it('is one, however it is written, and from wherever', async () => {
    const { fail } = open();
    const spellings = [ada, ' Ada@Example.com', 'ADA@EXAMPLE.COM.', 'ada@example.com\n', 'ａda@example.com'];
    for (const [at, account] of [...spellings, ada].entries()) {
      expect(await fail(1, { account, address: `198.51.100.${at}` })).toEqual([0]);
    }
    expect(await fail(1, { account: 'aDa@example.com', address: '203.0.113.1' })).toEqual([1_000]);
  });

  it('has no failures after a success', async () => {
    const { limiter, fail } = open();
    await fail(5, { account: ada });
    const attempt = await limiter.attempt({ account: ada });
    expect(attempt).toMatchObject({ allowed: true, retryAfterMs: 0 });
    await attempt.succeed();
    expect(await fail(7, { account: ada })).toEqual([0, 0, 0, 0, 0, 0, 1_000]);
  });

  it('lets six of a thousand guesses at once pass', async () => {
    const { limiter } = open({ store: new WaywardStore() });
    const attempts = await Promise.all(
      Array.from({ length: 1_000 }, (_, at) =>
        limiter.attempt({ account: ada, address: `10.0.${at >> 8}.${at & 255}` }),
      ),
    );
    expect(attempts.filter(({ allowed }) => allowed)).toHaveLength(6);
  });
});

describe('an address', () => {
  const spray = async ({ limiter }: ReturnType<typeof open>, from: (at: number) => string, times: number) => {
    let allowed = 0;
    for (const at of Array(times).keys()) {
      allowed += Number((await limiter.attempt({ account: `user-${at}`, address: from(at) })).allowed);
    }
    return allowed;
  };

  it('has twenty failures free, for whatever accounts', async () => {
    expect(await spray(open(), () => address, 100)).toBe(21);
  });

  it('is all of a /64, as itself and as a key', async () => {
    const clientKey = createClientKey();
    expect(await spray(open(), (at) => `2001:db8:1:2::${at}`, 100)).toBe(21);
    const keys = (at: number) => clientKey({ headers: {}, remoteAddress: `2001:db8:1:2:${at}::` });
    expect(await spray(open(), (at) => (at % 2 ? keys(at) : `2001:db8:1:2::${at}`), 100)).toBe(21);
    expect(await spray(open(), (at) => (at % 2 ? '::ffff:192.0.2.1' : address), 100)).toBe(21);
    expect(await spray(open(), () => 'unknown', 100)).toBe(21);
  });

  it('may be missing: then the account alone counts', async () => {
    const { limiter } = open();
    for (const at of Array(50).keys()) {
      expect((await limiter.attempt({ account: `user-${at}` })).allowed).toBe(true);
    }
  });

  it('is not cleared by the success of an account that is known to be good', async () => {
    const { clock, limiter, fail } = open();
    await spray({ clock, limiter, fail }, () => address, 20);
    const own = await limiter.attempt({ account: 'mallory', address });
    await own.succeed();
    expect(await fail(2, { account: 'user-20', address })).toEqual([0, 1_000]);
    await clock.advance(1_000);
    await (await limiter.attempt({ account: 'mallory', address })).succeed();
    expect(await fail(2, { account: 'user-21', address })).toEqual([0, 2_000]);
  });

  it('that only succeeds is never refused', async () => {
    const { limiter } = open();
    for (const at of Array(100).keys()) {
      const attempt = await limiter.attempt({ account: `user-${at}`, address });
      expect(attempt.allowed).toBe(true);
      await attempt.succeed();
    }
  });
});

describe('a refusal', () => {
  it('by the account charges nothing to the address', async () => {
    const { fail } = open();
    await fail(6, { account: ada });
    await fail(100, { account: ada, address });
    expect(await fail(1, { account: 'bob', address })).toEqual([0]);
    expect(await fail(1, { account: 'carol', address })).toEqual([0]);
  });

  it('by the address does not touch the account', async () => {
    const store = new WaywardStore();
    const { fail } = open({ store, address: { freeAttempts: 0 } });
    await fail(1, { account: 'bob', address });
    store.calls.length = 0;
    await fail(100, { account: ada, address });
    expect(new Set(store.calls)).toEqual(
      new Set(['decide auth:login:address:192.0.2.1', 'read auth:login:account:ada@example.com']),
    );
    expect(await fail(7, { account: ada })).toEqual([0, 0, 0, 0, 0, 0, 1_000]);
  });

  it('says the longer of both waits', async () => {
    const { fail } = open({
      account: { freeAttempts: 0, firstWaitMs: 5_000 },
      address: { freeAttempts: 0, firstWaitMs: 3_000 },
    });
    await fail(1, { account: ada, address });
    expect(await fail(1, { account: ada, address })).toEqual([5_000]);
    expect(await fail(1, { account: 'bob', address })).toEqual([3_000]);
    expect(await fail(1, { account: ada, address: '192.0.2.2' })).toEqual([5_000]);
  });

  it('is a 429 that names nobody', async () => {
    const { clock, limiter, fail } = open();
    await fail(6, { account: ada, address });
    await clock.advance(1);
    const attempt = await limiter.attempt({ account: ada, address });
    expect(attempt).toMatchObject({ allowed: false, retryAfterMs: 999 });
    const error = thrownBy(() => attempt.throwIfRefused());
    expect(error).toMatchObject({ code: 'UNITE_QUOTA_EXCEEDED', status: 429, retryAfterMs: 999 });
    const problem = (error as unknown as Record<symbol, unknown>)[Symbol.for('unite.problem')];
    expect(problem).toEqual({
      type: 'about:blank',
      status: 429,
      title: 'Too Many Requests',
      detail: 'Too many attempts. Try again in 1 second.',
      headers: { 'Retry-After': '1' },
    });
    expect(JSON.stringify([error, error.message, problem])).not.toMatch(/ada|192\.0/);
  });

  it('never comes before the time that it says', async () => {
    const { clock, limiter, fail } = open();
    await fail(7, { account: ada });
    await clock.advance(1_000);
    await fail(1, { account: ada });
    await clock.advance(500);
    const attempt = await limiter.attempt({ account: ada });
    const { headers } = (thrownBy(() => attempt.throwIfRefused()) as unknown as Record<symbol, never>)[
      Symbol.for('unite.problem')
    ] as unknown as { headers: Record<string, string> };
    expect([attempt.retryAfterMs, headers['Retry-After']]).toEqual([1_500, '2']);
  });

  it('is none for an attempt that may go on', async () => {
    const { limiter } = open();
    expect((await limiter.attempt({ account: ada })).throwIfRefused()).toBeUndefined();
  });

  it('cannot succeed', async () => {
    const { limiter, fail } = open();
    await fail(6, { account: ada });
    const attempt = await limiter.attempt({ account: ada });
    await expect(attempt.succeed()).rejects.toMatchObject({ code: 'UNITE_QUOTA_EXCEEDED' });
    await attempt.fail();
    expect(await fail(1, { account: ada })).toEqual([1_000]);
  });
});

describe('the end of an attempt', () => {
  it('comes once', async () => {
    const store = new WaywardStore();
    const { limiter } = open({ store });
    const attempt = await limiter.attempt({ account: ada, address });
    await Promise.all([attempt.succeed(), attempt.succeed(), attempt.fail()]);
    await attempt.succeed();
    expect(store.calls.filter((call) => call.startsWith('adjust'))).toHaveLength(2);
  });

  it('that failed stays so', async () => {
    const store = new WaywardStore();
    const { limiter } = open({ store });
    const attempt = await limiter.attempt({ account: ada, address });
    await attempt.fail();
    await attempt.fail();
    await attempt.succeed();
    expect(store.calls).toHaveLength(2);
  });
});

describe('a store that cannot be asked', () => {
  const unavailable = { code: 'UNITE_QUOTA_UNAVAILABLE', status: 503 };

  it('closes the door, with 503', async () => {
    const store = new WaywardStore();
    const { limiter } = open({ store });
    store.failures.set('decide', new Error('ECONNREFUSED'));
    await expect(limiter.attempt({ account: ada, address })).rejects.toMatchObject({
      ...unavailable,
      cause: { message: 'ECONNREFUSED' },
    });
    expect(limiter.statistics()).toEqual({ allowed: 0, refused: 0, unavailable: 1, kept: 0 });
  });

  it('has its own error handed on', async () => {
    const store = new WaywardStore();
    const { limiter } = open({ store });
    store.failures.set('decide', new QuotaError('UNITE_QUOTA_CLOSED', 'closed'));
    await expect(limiter.attempt({ account: ada })).rejects.toMatchObject({ code: 'UNITE_QUOTA_CLOSED' });
  });

  it.each([
    [50, {}],
    [20, { storeTimeoutMs: 20 }],
  ])('has %p ms, and gives back what it has charged afterwards', async (timeoutMs, options) => {
    const store = new WaywardStore();
    const { clock, limiter, fail } = open({ store, ...options, account: { freeAttempts: 0 } });
    store.held.add('decide');
    const attempt = limiter.attempt({ account: ada, address });
    const answered = attempt.then(
      () => 'answered',
      (error: unknown) => error,
    );
    await clock.advance(timeoutMs - 1);
    expect(await Promise.race([answered, Promise.resolve('waits')])).toBe('waits');
    await clock.advance(1);
    expect(await answered).toMatchObject({
      ...unavailable,
      message: `the store did not answer within ${timeoutMs} ms`,
    });
    store.held.clear();
    store.release();
    await settle();
    expect(store.calls.slice(-2).sort()).toEqual([
      'adjust auth:login:account:ada@example.com',
      'adjust auth:login:address:192.0.2.1',
    ]);
    expect(await fail(1, { account: ada, address })).toEqual([0]);
    expect(clock.sleepers()).toBe(0);
  });

  it('and refuses late has charged nothing', async () => {
    const store = new WaywardStore();
    const { clock, limiter, fail } = open({ store, account: { freeAttempts: 0 } });
    await fail(1, { account: ada });
    store.held.add('decide');
    const attempt = limiter.attempt({ account: ada });
    const refused = expect(attempt).rejects.toMatchObject(unavailable);
    await clock.advance(50);
    await refused;
    store.release();
    await settle();
    expect(store.calls.filter((call) => call.startsWith('adjust'))).toEqual([]);
  });

  it('gives the address back what it had charged before it failed for the account', async () => {
    const store = new WaywardStore();
    const { limiter, fail } = open({ store, address: { freeAttempts: 0 } });
    const decide = store.decide;
    store.decide = (call) => {
      if (call.subject.includes(':account:')) throw new Error('gone');
      return decide(call);
    };
    await expect(limiter.attempt({ account: ada, address })).rejects.toMatchObject(unavailable);
    store.decide = decide;
    expect(await fail(1, { account: ada, address })).toEqual([0]);
  });

  it('does not turn away who has given the right password', async () => {
    const store = new WaywardStore();
    const { limiter } = open({ store });
    const attempt = await limiter.attempt({ account: ada, address });
    store.failures.set('adjust', new Error('gone'));
    await attempt.succeed();
    expect(limiter.statistics().kept).toBe(2);
  });

  it('ends a success in time', async () => {
    const store = new WaywardStore();
    const { clock, limiter } = open({ store });
    const attempt = await limiter.attempt({ account: ada });
    store.held.add('adjust');
    const success = attempt.succeed();
    await clock.advance(50);
    await success;
    expect(limiter.statistics().kept).toBe(1);
  });

  it('still refuses what it has refused, when it cannot take back', async () => {
    const store = new WaywardStore();
    const { limiter, fail } = open({ store });
    await fail(6, { account: ada });
    store.failures.set('adjust', new Error('gone'));
    expect((await limiter.attempt({ account: ada, address })).allowed).toBe(false);
    expect(limiter.statistics().kept).toBe(1);
  });

  it('and never answers does not fill the memory', async () => {
    const store = new WaywardStore();
    const noTime = new AbortController();
    const untilTimeIsUp = new Promise<void>((resolve) => {
      noTime.signal.addEventListener('abort', () => resolve());
    });
    const { limiter } = open({ store, clock: { ...manualClock(), sleep: () => untilTimeIsUp } });
    const attempt = () => limiter.attempt({ account: ada }).catch((error: unknown) => error);
    store.held.add('decide');
    const attempts = Array.from({ length: 10_000 }, attempt);
    const tooMany = { ...unavailable, message: '10000 calls wait for the store already' };
    expect(await attempt()).toMatchObject(tooMany);
    noTime.abort();
    await Promise.all(attempts);
    expect(await attempt()).toMatchObject(tooMany);
    store.held.clear();
    store.release();
    await settle();
    expect(await limiter.attempt({ account: ada })).toMatchObject({ allowed: true });
    expect(limiter.statistics()).toEqual({ allowed: 1, refused: 0, unavailable: 10_002, kept: 0 });
  });

  it('or answers what is no count is not trusted', async () => {
    const store = new WaywardStore();
    const { limiter } = open({ store });
    store.decide = () => ({ outcome: 'unknown' });
    await expect(limiter.attempt({ account: ada })).rejects.toMatchObject(unavailable);
    store.decide = () => ({
      outcome: 'decided',
      nowUs: 1,
      refused: [0],
      values: [1],
      epoch: 0,
      holdsUntilUs: 0,
    });
    store.read = () => ({ outcome: 'unknown' });
    await expect(limiter.attempt({ account: ada, address })).rejects.toMatchObject(unavailable);
    expect(await limiter.attempt({ account: ada })).toMatchObject({ allowed: false, retryAfterMs: 1 });
  });
});

test('limiters of different names do not share counts', async () => {
  const store = memoryStore();
  const [login, reset] = [
    open({ store, account: { freeAttempts: 0 } }),
    open({ store, name: 'password-reset' }),
  ];
  expect(await login.fail(2, { account: ada })).toEqual([0, expect.any(Number)]);
  expect(await reset.fail(1, { account: ada })).toEqual([0]);
  expect((await open({ store }).fail(1, { account: ada }))[0]).toBeGreaterThan(0);
});

test.each([
  [{ account: '' }],
  [{ account: ' . ' }],
  [{ account: 'a\u0000b' }],
  [{ account: undefined }],
  [{ account: { $ne: null } }],
  [{ account: ada, address: '' }],
  [{ account: ada, address: null }],
  [{ account: ada, address: 42 }],
  [{ account: ada, address: '1.2.3.4\u0000' }],
])('%p is a bad request, and charges nothing', async (request) => {
  const store = new WaywardStore();
  const { limiter } = open({ store });
  await expect(limiter.attempt(request as never)).rejects.toMatchObject({
    code: 'UNITE_QUOTA_KEY_INVALID',
    status: 400,
  });
  expect(store.calls).toEqual([]);
  expect(limiter.statistics()).toEqual({ allowed: 0, refused: 0, unavailable: 0, kept: 0 });
});

test.each([undefined, null, 'ada'])('%p is no request', async (request) => {
  await expect(open().limiter.attempt(request as never)).rejects.toThrow(
    /attempt: request must be an object with an account, got /,
  );
});

test('an account of 10 kB has a short subject', async () => {
  const store = new WaywardStore();
  await open({ store }).limiter.attempt({ account: 'a'.repeat(10_000), address: '[2001:db8:1:2::3]:443' });
  expect(store.calls).toEqual([
    'decide auth:login:address:2001:db8:1:2::/64',
    expect.stringMatching(/^decide auth:login:account:sha256:[\w-]{43}$/),
  ]);
});

test.each([
  [{}, /createAuthLimiter: option "store" must be a store, such as memoryStore\(\), got undefined/],
  [{ store: {} }, /store/],
  [{ store: 'redis' }, /store/],
  [{ name: 'a:b' }, /"name" must be up to 32 letters, digits, _ and -, got "a:b"/],
  [{ name: 'a'.repeat(33) }, /name/],
  [{ account: 5 }, /"account" must be an object, got 5/],
  [
    { account: { freeAttempts: -1 } },
    /account: option "freeAttempts" must be a whole number from 0 to 1000000, got -1/,
  ],
  [{ account: { freeAttempts: 1.5 } }, /freeAttempts/],
  [{ account: { firstWaitMs: 0 } }, /firstWaitMs/],
  [{ address: { maxWaitMs: 2_592_000_001 } }, /address: option "maxWaitMs"/],
  [{ address: { maxWaitMs: Number.NaN } }, /maxWaitMs/],
  [
    { address: { maxWaitMs: 999 } },
    /address: option "firstWaitMs" must be at most maxWaitMs \(999\), got 1000/,
  ],
  [{ address: { free: 1 } }, /address: unknown option "free"/],
  [{ storeTimeoutMs: 0 }, /storeTimeoutMs/],
  [{ storeTimeoutMs: 1_001 }, /"storeTimeoutMs" must be a number above 0 and at most 1,000, got 1001/],
  [{ storeTimeoutMs: '50' }, /storeTimeoutMs/],
  [{ clock: 1 }, /clock/],
  [{ freeAttempts: 5 }, /unknown option "freeAttempts"/],
])('%p is refused', (options, message) => {
  const store = 'store' in options || Object.keys(options).length === 0 ? {} : { store: memoryStore() };
  expect(() => createAuthLimiter({ ...store, ...options } as never)).toThrow(message);
});

test('however attempts and successes come, no account is tried more often than its waits allow', async () => {
  const steps = fc.array(
    fc.record({
      account: fc.constantFrom('a', 'b', 'own'),
      from: fc.constantFrom('192.0.2.1', '192.0.2.2', undefined),
      passMs: fc.integer({ min: 0, max: 400 }),
    }),
    { minLength: 20, maxLength: 120 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const wait = { freeAttempts: 2, firstWaitMs: 1_000, maxWaitMs: 8_000 };
      const { clock, limiter } = open({ account: wait, address: { ...wait, freeAttempts: 4 } });
      const tries: { account: string; from: string | undefined; atMs: number }[] = [];
      for (const { account, from, passMs } of all) {
        await clock.advance(passMs);
        const attempt = await limiter.attempt({ account, address: from });
        if (account === 'own' && attempt.allowed) await attempt.succeed();
        else if (attempt.allowed) tries.push({ account, from, atMs: clock.wallMs() });
      }
      // The free ones with the one that closes the door, then 1 s, 2 s, 4 s, and 8 s each.
      for (const name of ['a', 'b'])
        expectWaits(
          tries.filter((one) => one.account === name),
          3,
        );
      for (const name of ['192.0.2.1', '192.0.2.2'])
        expectWaits(
          tries.filter((one) => one.from === name),
          5,
        );
    }),
    { numRuns: 100 },
  );
});

/** Tries within 8 s of each other are counted together, and each waits for the ones before it. */
function expectWaits(tries: readonly { readonly atMs: number }[], free: number): void {
  let failures = 0;
  let lastAtMs = Number.NEGATIVE_INFINITY;
  for (const { atMs } of tries) {
    const waitMs = failures < free ? 0 : Math.min(1_000 * 2 ** (failures - free), 8_000);
    if (atMs - lastAtMs >= waitMs + 8_000) failures = 0;
    else expect(atMs - lastAtMs).toBeGreaterThanOrEqual(waitMs);
    failures += 1;
    lastAtMs = atMs;
  }
}

function thrownBy(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
