import { expect, test } from '@jest/globals';
import {
  createAuthLimiter,
  createQuota,
  definePlans,
  memoryStore,
  type QuotaLedger,
  type QuotaStore,
} from '../../src';
import { createClientKey } from '../../src/key';

const plans = definePlans({ free: { apiCallsPerDay: 10 } });
const acme = { tenantId: 'acme', plan: 'free', use: { apiCalls: 1 } } as const;
const place = { tenantId: 'acme', plan: 'free', current: 1 } as const;
const noTransaction = {
  query: (): never => {
    throw new Error('nothing is asked of the database');
  },
};

test.each<[string, (quota: ReturnType<typeof createQuota>) => Promise<unknown>, string]>([
  ['no request', (quota) => quota.check(undefined as never), 'check: the request must be an object such as'],
  ['no reservation', (quota) => quota.reserve(null as never), 'reserve: options must be an object, got null'],
  [
    'a time by another name',
    (quota) => quota.reserve({ ...acme, ttlMs: 5 } as never),
    'reserve: unknown option "ttlMs"; known are tenantId, plan, use',
  ],
  [
    'a way to settle that there is not',
    (quota) => quota.reserve({ ...acme, onError: 'refund' } as never),
    'reserve: option "onError" must be "release" or "charge", got "refund"',
  ],
  [
    'a fact with a field too many',
    (quota) => quota.record({ ...acme, cost: 5 } as never),
    'record: unknown option "cost"',
  ],
  [
    'a key that would charge twice',
    (quota) => quota.check({ ...acme, idempotencykey: 'k' } as never),
    'check: unknown option "idempotencykey"; known are tenantId, plan, use, for, idempotencyKey',
  ],
  [
    'a resource of which there would be one more',
    (quota) => quota.checkResource('contacts', { ...place, add: 5 } as never),
    'checkResource: unknown option "add"; known are tenantId, plan, current, count, adding',
  ],
  [
    'a place that would be claimed for one',
    (quota) => quota.claimResource(noTransaction, 'contacts', { ...place, add: 5 } as never),
    'claimResource: unknown option "add"',
  ],
])('names what is wrong with %s', async (_what, ask, message) => {
  await expect(ask(createQuota({ plans }))).rejects.toThrow(message);
});

test('says what a commit takes', async () => {
  const hold = await createQuota({ plans }).reserve(acme);
  await expect(hold.commit(undefined as never)).rejects.toMatchObject({
    code: 'UNITE_QUOTA_AMOUNT_INVALID',
    message: expect.stringContaining('{} for the estimate, got undefined'),
  });
  await expect(hold.commit({})).resolves.toMatchObject({ use: { apiCalls: 1 } });
});

test('says in the first line why limits cannot be asked, also while nobody asks', async () => {
  const down = async (): Promise<never> => {
    throw new Error('the tables are missing');
  };
  const never = (): never => {
    throw new Error('nobody asks for events');
  };
  const ledger: QuotaLedger = { append: down, rehydrate: down, totals: down, events: never };
  await expect(createQuota({ plans, ledger }).check(acme)).rejects.toMatchObject({
    code: 'UNITE_QUOTA_UNAVAILABLE',
    message: 'The limits cannot be asked: the tables are missing',
  });
  const store: QuotaStore = {
    decide: down,
    settle: down,
    adjust: down,
    read: down,
    install: down,
    isLocal: false,
  };
  const quota = createQuota({ plans, store });
  for (let failure = 0; failure < 7; failure++) {
    await expect(quota.check(acme)).rejects.toThrow('The limits cannot be asked: the tables are missing');
  }
});

test('names the key and the proxy that are wrong', async () => {
  const limiter = createAuthLimiter({ store: memoryStore() });
  await expect(limiter.attempt({ account: ' ' })).rejects.toThrow('attempt: "account" may not be empty');
  expect(() => createClientKey({ trustedProxies: ['loopback', '10.0.0.0/99'] })).toThrow(
    '("10.0.0.0/99" is none of them), got an array',
  );
});
