import { describe, expect, it } from '@jest/globals';
import { concurrencyLimit, definePlans, quotaLimit, rateLimit } from '../../src';
import type { PlanDefinition } from '../../src/plan/plan-types';

const define = (definitions: unknown) => () => definePlans(definitions as Record<string, PlanDefinition>);
const free = (limits: object) => define({ free: limits });

describe('definePlans', () => {
  it('reads names, defaults and prices', () => {
    const plans = definePlans({
      free: {
        apiCallsPerDay: 1_000,
        costUsdPerMonth: '0.50',
        contactsMax: 100,
        burst: rateLimit({ of: 'apiCalls', limit: 10, windowMs: 1_000 }),
        atOnce: concurrencyLimit({ of: 'aiTokens', limit: 2 }),
        costPerToken: 0.000015,
        costPerCall: '0.000000001',
        costPerStorageGbHour: 0.1,
        monthlyPriceUsd: 9.99,
      },
    });
    expect(plans.byName.get('free')).toEqual({
      name: 'free',
      rank: 0,
      monthlyPriceNanoUsd: 9_990_000_000n,
      limits: [
        {
          kind: 'quota',
          name: 'apiCallsPerDay',
          of: 'apiCalls',
          limit: 1_000,
          per: 'day',
          warnAt: 0.8,
          grace: 0,
          overage: false,
          whenStoreFails: 'closed',
        },
        {
          kind: 'quota',
          name: 'costUsdPerMonth',
          of: 'costNanoUsd',
          limit: 500_000_000,
          per: 'month',
          warnAt: 0.8,
          grace: 0,
          overage: false,
          whenStoreFails: 'closed',
        },
        {
          kind: 'rate',
          name: 'burst',
          of: 'apiCalls',
          limit: 10,
          windowMs: 1_000,
          burst: 10,
          whenStoreFails: { local: 0.5 },
        },
        { kind: 'concurrency', name: 'atOnce', of: 'aiTokens', limit: 2, whenStoreFails: { local: 0.5 } },
      ],
      resources: new Map([['contacts', 100]]),
      unitPricesNanoUsdPerMillion: new Map([
        ['aiTokens', 15_000_000_000n],
        ['apiCalls', 1_000_000n],
        ['storageGbHours', 100_000_000_000_000n],
      ]),
    });
    expect([...plans.units]).toEqual(['apiCalls', 'costNanoUsd', 'aiTokens']);
  });

  it.each([
    ['Second', 'second'],
    ['Minute', 'minute'],
    ['Hour', 'hour'],
    ['Day', 'day'],
    ['Week', 'week'],
    ['Month', 'month'],
    ['BillingPeriod', 'billingPeriod'],
  ])('reads <unit>Per%s', (written, per) => {
    const plans = definePlans({ free: { [`smsPerPagePer${written}`]: 5 } });
    expect(plans.byName.get('free')?.limits).toMatchObject([{ of: 'smsPerPage', per, limit: 5 }]);
  });

  it('ranks by price, exactly, and those without one last, as they were written', () => {
    const plans = definePlans({
      custom: { apiCallsPerDay: null },
      big: { apiCallsPerDay: 3, monthlyPriceUsd: '99.000000001' },
      mid: { apiCallsPerDay: 2, monthlyPriceUsd: 99 },
      other: { apiCallsPerDay: null },
      free: { apiCallsPerDay: 1, monthlyPriceUsd: 0 },
    });
    expect(plans.names).toEqual(['free', 'mid', 'big', 'custom', 'other']);
    expect([...plans.byName.values()].map(({ rank }) => rank)).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes null for no limit of the kind that another plan declares', () => {
    const plans = definePlans({
      pro: { burst: null, atOnce: null, contactsMax: null, apiCallsPerDay: null },
      free: {
        burst: rateLimit({ of: 'apiCalls', limit: 10, windowMs: 1_000, burst: 3 }),
        atOnce: concurrencyLimit({ of: 'jobs', limit: 1, whenStoreFails: 'open' }),
        contactsMax: 1,
        apiCallsPerDay: quotaLimit({ of: 'apiCalls', per: 'day', limit: 5, grace: 1 }),
      },
    });
    expect(plans.byName.get('pro')?.limits).toMatchObject([
      { kind: 'rate', limit: null, windowMs: 1_000 },
      { kind: 'concurrency', limit: null, whenStoreFails: 'open' },
      { kind: 'quota', limit: null, grace: 0 },
    ]);
  });

  it('cannot be changed afterwards', () => {
    const plans = definePlans({ free: { apiCallsPerDay: 1 } });
    const plan = plans.byName.get('free');
    expect([plans, plan, plan?.limits, plan?.limits[0]].every(Object.isFrozen)).toBe(true);
  });

  it.each<[string, () => unknown, string]>([
    ['no plans', define({}), 'definePlans: there must be a plan, got an object'],
    ['nothing', define(undefined), 'definePlans: there must be a plan, got undefined'],
    [
      'a name with a space',
      define({ 'a b': {} }),
      'definePlans: a plan\'s name must be 1 to 64 letters, digits, ".", "_" and "-", got "a b"',
    ],
    ['a plan that is none', define({ free: 5 }), 'definePlans: plan "free" must be an object, got 5'],
    [
      'a plan that is none beside one that declares',
      define({ free: { burst: rateLimit({ of: 'a', limit: 1, windowMs: 1 }) }, pro: null }),
      'definePlans: plan "pro" must be an object, got null',
    ],
    [
      'a limit that is forgotten',
      define({ free: { apiCallsPerDay: 1 }, pro: {} }),
      'definePlans: plan "pro" says nothing of "apiCallsPerDay", which plan "free" limits; null is no limit',
    ],
    [
      'a resource that is forgotten',
      define({ free: {}, pro: { contactsMax: 1 } }),
      'definePlans: plan "free" says nothing of "contactsMax", which plan "pro" limits; null is no limit',
    ],
    [
      'one counter twice',
      free({ apiCallsPerDay: 1, daily: quotaLimit({ of: 'apiCalls', per: 'day', limit: 2 }) }),
      'definePlans: plan "free": limits "apiCallsPerDay" and "daily" count the same; keep one of them',
    ],
    [
      'another unit in another plan',
      define({
        free: { a: rateLimit({ of: 'a', limit: 1, windowMs: 1 }) },
        pro: { a: rateLimit({ of: 'b', limit: 1, windowMs: 1 }) },
      }),
      'definePlans: plan "pro": limit "a" must count the same in every plan',
    ],
    [
      'another kind in another plan',
      define({
        free: { a: rateLimit({ of: 'a', limit: 1, windowMs: 1 }) },
        pro: { a: concurrencyLimit({ of: 'a', limit: 1 }) },
      }),
      'definePlans: plan "pro": limit "a" must count the same in every plan',
    ],
    [
      'another period than the name says',
      define({ free: { aPerDay: 1 }, pro: { aPerDay: quotaLimit({ of: 'a', per: 'month', limit: 1 }) } }),
      'definePlans: plan "free": limit "aPerDay" must count the same in every plan',
    ],
    [
      'a number without a meaning',
      free({ calls: 5 }),
      'definePlans: plan "free": limit "calls" must be declared by quotaLimit, rateLimit or concurrencyLimit; or name it <unit>Per<Period> or <resource>Max, got 5',
    ],
    [
      'null without a meaning',
      free({ calls: null }),
      'definePlans: plan "free": limit "calls" must be declared by',
    ],
    [
      'a name that is none',
      free({ 'a,b': 1 }),
      'definePlans: plan "free": limit "a,b" must be named with 1 to 64 letters, digits, "_" and "-"',
    ],
    [
      'a negative limit',
      free({ aPerDay: -1 }),
      'option "limit" must be a whole number from 0 to 9007199254740991, or null, got -1',
    ],
    ['a fraction', free({ aPerDay: 0.5 }), 'got 0.5'],
    ['no number', free({ aPerDay: Number.NaN }), 'got NaN'],
    ['a text', free({ aPerDay: '5' }), 'got "5"'],
    ['too much', free({ aPerDay: 2 ** 53 }), 'got 9007199254740992'],
    ['too much money', free({ costUsdPerDay: 999_999_999_999 }), 'option "limit" must be a whole number'],
    ['negative money', free({ costUsdPerDay: -1 }), 'limit "costUsdPerDay" must be an amount of US dollars'],
    [
      'half a resource',
      free({ contactsMax: 0.5 }),
      'definePlans: plan "free": "contactsMax" must be a whole number of at least 0, or null, got 0.5',
    ],
    [
      'a declared resource',
      free({ contactsMax: rateLimit({ of: 'a', limit: 1, windowMs: 1 }) }),
      'got an object',
    ],
    [
      'a price that is none',
      free({ monthlyPriceUsd: 'free' }),
      'definePlans: plan "free": monthlyPriceUsd must be an amount of US dollars with at most 9 digits after the point, got "free"',
    ],
    [
      'too fine a price',
      free({ costPerToken: '0.0000000000000001' }),
      'definePlans: plan "free": costPerToken must be an amount',
    ],
    [
      'an unknown kind',
      free({ a: { kind: 'burst', of: 'a', limit: 1 } }),
      'definePlans: plan "free": limit "a" must be declared by quotaLimit, rateLimit or concurrencyLimit',
    ],
    [
      'an unknown option',
      free({ a: { kind: 'rate', of: 'a', limit: 1, windowMs: 1, window: 2 } }),
      'unknown option "window"',
    ],
    [
      'no unit',
      free({ a: { kind: 'concurrency', limit: 1 } }),
      'option "of" must be the name of a unit; that of cost is "costNanoUsd", got undefined',
    ],
    [
      'no period',
      free({ a: { kind: 'quota', of: 'a', limit: 1 } }),
      'option "per" must be second, minute, hour, day, week, month or billingPeriod, got undefined',
    ],
    [
      'no window',
      free({ a: { kind: 'rate', of: 'a', limit: 1 } }),
      'option "windowMs" must be a positive number, got undefined',
    ],
    [
      'half a burst',
      free({ a: rateLimit({ of: 'a', limit: 1, windowMs: 1, burst: 0.5 }) }),
      'option "burst" must be a whole number above 0, got 0.5',
    ],
    [
      'a late warning',
      free({ a: quotaLimit({ of: 'a', per: 'day', limit: 1, warnAt: 1.1 }) }),
      'option "warnAt" must be a number from 0 to 1, got 1.1',
    ],
    [
      'a negative grace',
      free({ a: quotaLimit({ of: 'a', per: 'day', limit: 1, grace: -0.1 }) }),
      'option "grace" must be a number of at least 0, got -0.1',
    ],
    [
      'an overage that is none',
      free({ a: { kind: 'quota', of: 'a', per: 'day', limit: 1, overage: 1 } }),
      'option "overage" must be true or false, got 1',
    ],
    [
      'a policy that is none',
      free({ a: quotaLimit({ of: 'a', per: 'day', limit: 1, whenStoreFails: { local: 0 } }) }),
      'option "whenStoreFails" must be "open", "closed" or { local: a share above 0 and at most 1 }, got an object',
    ],
    [
      'an open mind',
      free({ a: { kind: 'concurrency', of: 'a', limit: 1, whenStoreFails: 'ajar' } }),
      'got "ajar"',
    ],
  ])('refuses %s', (_, attempt, message) => {
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(message);
  });
});
