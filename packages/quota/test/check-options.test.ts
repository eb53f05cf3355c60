import { describe, expect, it } from '@jest/globals';
import { createQuota, memoryStore, quotaLimit } from '../src';
import type { QuotaOptions } from '../src/types';
import { plans } from './support/open-quota';

const day = (limit: number) => quotaLimit({ of: 'apiCalls', per: 'day', limit });

describe('createQuota', () => {
  it('starts nothing and keeps every default', () => {
    const quota = createQuota({ plans });
    expect(quota.statistics()).toEqual({
      allowed: 0,
      denied: 0,
      deniedFromMemory: 0,
      unavailable: 0,
      admittedWithoutStore: 0,
      waiting: 0,
      lost: 0,
      reusedIds: 0,
      unpriced: 0,
      rehydrations: 0,
      store: 'up',
      ledger: 'none',
    });
  });

  it.each<[string, object, string]>([
    [
      'no plans',
      { plans: undefined },
      'createQuota: option "plans" must be what definePlans returns, got undefined',
    ],
    [
      'plans that were not defined',
      { plans: { free: {} } },
      'must be what definePlans returns, got an object',
    ],
    [
      'a client in place of a store',
      { store: { get: 1 } },
      'option "store" must be a store, such as redisStore(client), got an object',
    ],
    ['no store', { store: null }, 'option "store" must be a store'],
    [
      'a pool in place of a ledger',
      { ledger: { query: () => 1 } },
      'option "ledger" must be a ledger, such as postgresLedger(pool)',
    ],
    [
      'a durability that is none',
      { durability: 'disk' },
      'option "durability" must be "store" or "ledger", got "disk"',
    ],
    [
      'durability without a ledger',
      { durability: 'ledger' },
      'option "durability" is "ledger", and there is no ledger',
    ],
    [
      'prices that were not defined',
      { prices: { gpt: 1 } },
      'option "prices" must be what definePrices returns',
    ],
    ['terms that are no function', { termsOf: {} }, 'option "termsOf" must be a function, got an object'],
    [
      'a namespace with a space',
      { namespace: 'a b' },
      'option "namespace" must be a string of 1 to 64 letters',
    ],
    [
      'negative denials',
      { maxDenials: -1 },
      'option "maxDenials" must be a whole number from 0 to 16,777,216, got -1',
    ],
    ['more denials than a map has', { maxDenials: 2 ** 25 }, 'got 33554432'],
    ['no link', { upgradeUrl: '' }, 'option "upgradeUrl" must be a non-empty string'],
    ['a context that is none', { context: {} }, 'option "context" must be a function'],
    ['no clock', { clock: 5 }, 'option "clock" must be an object, got 5'],
    ['an unknown option', { cache: true }, 'unknown option "cache"'],
    ['a list of shared limits', { shared: [] }, 'option "shared" must be an object, got an array'],
    [
      'a shared limit without a scope',
      { shared: { everyone: day(1) } },
      'createQuota: shared.everyone: limit "of" must be declared by',
    ],
    [
      'a scope that is no object',
      { shared: { everyone: 5 } },
      'createQuota: shared.everyone must be named by',
    ],
    ['a scope with a colon', { shared: { 'a:b': {} } }, 'createQuota: shared.a:b must be named by'],
    ['a scope of tenants', { shared: { tenant: {} } }, "a tenant's own limits are those of its plan"],
    [
      'one shared counter twice',
      { shared: { everyone: { a: day(1), b: day(2) } } },
      'createQuota: shared.everyone: limits "a" and "b" count the same; keep one of them',
    ],
    [
      'a name that a plan has',
      { shared: { everyone: { apiCallsPerDay: 5 } } },
      'createQuota: shared.everyone: limit "apiCallsPerDay" is a name that the plans have',
    ],
    [
      'a name that another scope has',
      { shared: { everyone: { a: day(1) }, address: { a: day(1) } } },
      'createQuota: shared.address: limit "a" is a name that limits for everyone have',
    ],
  ])('refuses %s', (_, part, message) => {
    const options = { plans, store: memoryStore(), ...part } as QuotaOptions;
    expect(() => createQuota(options)).toThrow(TypeError);
    expect(() => createQuota(options)).toThrow(message);
  });

  it('refuses no options at all', () => {
    expect(() => createQuota(undefined as never)).toThrow(
      'createQuota: options must be an object, got undefined',
    );
  });
});
