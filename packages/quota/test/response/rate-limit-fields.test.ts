import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rateLimitFields } from '../../src/response/rate-limit-fields';
import type { Decision, LimitStatus } from '../../src/types';
import { decisions } from '../support/decisions';
import { atMs, day, decided, place } from '../support/fake-quota';
import { parseFields } from '../support/structured-fields';

const burst: LimitStatus = {
  ...day,
  name: 'burst',
  kind: 'rate',
  limit: 100,
  remaining: 2,
  resetAtMs: atMs + 29_001,
  windowMs: 60_000,
};

const fieldsOf = (decision: Decision, options = {}) => {
  const fields = rateLimitFields(decision, options);
  return { policy: parseFields(fields['RateLimit-Policy']), limit: parseFields(fields.RateLimit), fields };
};

describe('draft 11', () => {
  test('writes policies in the order of the plan and limits from the most constrained one', () => {
    const { fields } = fieldsOf({ ...decided, limits: [day, burst] });
    expect(fields).toEqual({
      'RateLimit-Policy': '"apiCallsPerDay";q=1000;w=86400, "burst";q=100;w=60',
      RateLimit: '"burst";r=2;t=30, "apiCallsPerDay";r=50;t=43200',
    });
  });

  test('says places, tokens and money by their unit', () => {
    const tokens = { ...day, name: 'aiTokensPerDay', unit: 'aiTokens' };
    const cost = { ...day, name: 'costUsdPerMonth', unit: 'costNanoUsd', limit: 50e9, remaining: 5e9 };
    const calls = { ...place, name: 'callsAtOnce', unit: 'apiCalls' };
    const { policy, limit } = fieldsOf({ ...decided, limits: [place, tokens, cost, calls] });
    expect(policy).toEqual([
      { name: 'exportsAtOnce', q: 1, qu: 'concurrent-requests', 'unite-unit': 'exports' },
      { name: 'aiTokensPerDay', q: 1_000, w: 86_400, 'unite-unit': 'aiTokens' },
      { name: 'costUsdPerMonth', q: 50e9, w: 86_400, 'unite-unit': 'costNanoUsd' },
      { name: 'callsAtOnce', q: 1, qu: 'concurrent-requests' },
    ]);
    expect(limit).toContainEqual({ name: 'exportsAtOnce', r: 1 });
  });

  test('leaves out what has no limit, and says nothing where nothing has one', () => {
    const unlimited = { ...day, name: 'free', limit: null, remaining: null };
    expect(fieldsOf({ ...decided, limits: [unlimited, day] }).policy.map(({ name }) => name)).toEqual([
      'apiCallsPerDay',
    ]);
    expect(rateLimitFields({ ...decided, limits: [unlimited] })).toEqual({});
  });

  test('has the limits of the units that were used, those of cost, and those that refuse', () => {
    const tokens = { ...day, name: 'tokens', unit: 'aiTokens' };
    const cost = { ...day, name: 'cost', unit: 'costNanoUsd' };
    const decision = { ...decided, limits: [day, tokens, cost, place], violated: ['exportsAtOnce'] };
    const { policy } = fieldsOf(decision, { units: ['apiCalls'] });
    expect(policy.map(({ name }) => name)).toEqual(['apiCallsPerDay', 'cost', 'exportsAtOnce']);
  });

  test('tells the partition only when asked to, as bytes', () => {
    const { policy, limit } = fieldsOf(decided, { partitionKey: 'Büro 7' });
    for (const [item] of [policy, limit]) {
      expect(Buffer.from(item?.pk as Uint8Array).toString()).toBe('Büro 7');
    }
    expect(fieldsOf(decided).fields.RateLimit).not.toContain('pk');
  });

  test('encodes what no string of a field can hold', () => {
    const name = 'täg"lich\\\u0007100%\ud800';
    const { limit } = fieldsOf({ ...decided, limits: [{ ...day, name }] });
    expect(limit[0]?.name).toBe('t%C3%A4g"lich\\%07100%25%EF%BF%BD');
  });

  test('a limit of nothing is used up; a refusal comes before it', () => {
    const none = { ...day, name: 'none', limit: 0, remaining: 0 };
    const { limit, policy } = fieldsOf({ ...decided, limits: [day, none, burst], violated: ['burst'] });
    expect(limit.map(({ name }) => name)).toEqual(['burst', 'none', 'apiCallsPerDay']);
    expect(policy[1]).toMatchObject({ q: 0 });
  });

  test('a rate that refuses tells when enough of it is back, not all', () => {
    const decision = { ...decided, allowed: false, limits: [burst], violated: ['burst'], retryAfterMs: 601 };
    expect(fieldsOf(decision).limit).toEqual([{ name: 'burst', r: 2, t: 1 }]);
    // Nobody knows when: then all of it.
    expect(fieldsOf({ ...decision, retryAfterMs: null }).limit).toEqual([{ name: 'burst', r: 2, t: 30 }]);
  });

  test('what is kept of a limit is told for no other, however many there are', () => {
    const others: Partial<LimitStatus>[] = [
      ...Array.from({ length: 1_100 }, (_, at) => ({ name: `limit ${at}` })),
      { limit: 2_000 },
      { windowMs: 3_600_000 },
      { unit: 'aiTokens' },
      { kind: 'concurrency' },
      { name: ` ${day.name}` },
    ];
    const policies = [{}, ...others].map(
      (other) => fieldsOf({ ...decided, limits: [{ ...day, ...other } as LimitStatus] }).fields,
    );
    expect(new Set(policies.map((fields) => fields['RateLimit-Policy'])).size).toBe(others.length + 1);
    expect(fieldsOf({ ...decided, limits: [day] }).fields).toEqual(policies[0]);
  });

  test('can be left out', () => {
    expect(rateLimitFields(decided, { headers: 'none' })).toEqual({});
  });
});

test('of any decision both fields can be read, and hold whole numbers that are not negative', () => {
  fc.assert(
    fc.property(
      decisions,
      fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
      (decision, partitionKey) => {
        const { policy, limit } = fieldsOf(decision, { partitionKey });
        const counted = decision.limits.filter((one) => one.limit !== null && one.remaining !== null);
        expect(policy).toHaveLength(counted.length);
        expect(limit).toHaveLength(counted.length);
        for (const item of [...policy, ...limit]) {
          for (const value of [item.q, item.w, item.r, item.t]) {
            if (value !== undefined) expect(Number.isInteger(value) && (value as number) >= 0).toBe(true);
          }
          expect(typeof item.name).toBe('string');
          expect(item.pk === undefined).toBe(partitionKey === undefined);
        }
        for (const { q, w } of policy) {
          expect(q).toBeDefined();
          expect(w).not.toBe(0);
        }
        for (const { r } of limit) expect(r).toBeDefined();
      },
    ),
    { numRuns: 500 },
  );
});
