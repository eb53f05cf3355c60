import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { outageProblem, quotaProblem, resourceProblem } from '../../src/response/quota-problem';
import { decisions } from '../support/decisions';
import { atMs, day, decided, place } from '../support/fake-quota';
import { parseFields } from '../support/structured-fields';

const refused = {
  ...decided,
  allowed: false,
  violated: ['apiCallsPerDay', 'exportsAtOnce'],
  limits: [{ ...day, remaining: 0 }, place],
  retryAfterMs: 43_200_000,
  sufficientPlan: 'pro',
};

describe('quotaProblem', () => {
  test('names every violated limit, the plan that suffices, and when to come back', () => {
    expect(quotaProblem(refused, { upgradeUrl: 'https://example.com/plans' })).toEqual({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      status: 429,
      title: 'Quota exceeded',
      detail: 'Plan "free" allows no more: apiCallsPerDay, exportsAtOnce.',
      headers: {
        'RateLimit-Policy':
          '"apiCallsPerDay";q=1000;w=86400, "exportsAtOnce";q=1;qu="concurrent-requests";unite-unit="exports"',
        RateLimit: '"apiCallsPerDay";r=0;t=43200, "exportsAtOnce";r=1',
        'Retry-After': '43200',
        'Cache-Control': 'no-store',
      },
      extensions: {
        'violated-policies': ['apiCallsPerDay', 'exportsAtOnce'],
        limits: [
          {
            name: 'apiCallsPerDay',
            unit: 'apiCalls',
            limit: 1_000,
            remaining: 0,
            resetAt: '2026-11-27T00:00:00.000Z',
          },
          { name: 'exportsAtOnce', unit: 'exports', limit: 1, remaining: 1, resetAt: null },
        ],
        plan: 'free',
        sufficientPlan: 'pro',
        upgradeUrl: 'https://example.com/plans',
      },
    });
  });

  test('says nothing of what there is not', () => {
    const { extensions, headers } = quotaProblem(
      { ...refused, sufficientPlan: undefined, retryAfterMs: null },
      { headers: 'none' },
    );
    expect(Object.keys(extensions ?? {})).toEqual(['violated-policies', 'limits', 'plan']);
    expect(headers).toEqual({ 'Cache-Control': 'no-store' });
  });

  test.each([
    [1, '1'],
    [1_000, '1'],
    [1_001, '2'],
  ])('rounds a wait of %d ms up to %s s', (retryAfterMs, seconds) => {
    const decision = { ...refused, violated: ['exportsAtOnce'], retryAfterMs };
    expect(quotaProblem(decision).headers?.['Retry-After']).toBe(seconds);
  });

  test('a wait never ends before the reset of what refuses', () => {
    expect(quotaProblem({ ...refused, retryAfterMs: 5 }).headers?.['Retry-After']).toBe('43200');
  });

  test('can be made of any decision', () => {
    fc.assert(
      fc.property(decisions, (decision) => {
        const { headers, extensions = {} } = quotaProblem(decision);
        const seconds = headers?.['Retry-After'];
        expect(seconds === undefined).toBe(decision.allowed || decision.retryAfterMs === null);
        if (seconds !== undefined) expect(seconds).toMatch(/^[1-9]\d*$/);
        for (const { name, t = 0 } of parseFields(headers?.RateLimit)) {
          const isViolated = decision.violated.includes(name as string);
          if (isViolated && seconds !== undefined) expect(t).toBeLessThanOrEqual(Number(seconds));
        }
        for (const { resetAt } of extensions.limits as { resetAt: string | null }[]) {
          expect(resetAt === null || !Number.isNaN(Date.parse(resetAt))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('resourceProblem names the limit of the plan, and no time', () => {
  const decision = {
    allowed: false,
    resource: 'contacts',
    current: 100,
    limit: 100,
    remaining: 0,
    state: 'blocked' as const,
    plan: 'free',
    sufficientPlan: 'starter',
  };
  expect(resourceProblem(decision)).toMatchObject({
    status: 429,
    headers: { 'Cache-Control': 'no-store' },
    extensions: {
      'violated-policies': ['contactsMax'],
      limits: [{ name: 'contactsMax', unit: 'contacts', limit: 100, remaining: 0, resetAt: null }],
      plan: 'free',
      sufficientPlan: 'starter',
    },
  });
  expect(resourceProblem(decision, { upgradeUrl: '/plans' }).extensions).toMatchObject({
    upgradeUrl: '/plans',
  });
});

test('outageProblem is no fault of the client', () => {
  expect(outageProblem(1_500)).toEqual({
    type: 'https://iana.org/assignments/http-problem-types#temporary-reduced-capacity',
    status: 503,
    title: 'Temporary reduced capacity',
    headers: { 'Retry-After': '2', 'Cache-Control': 'no-store' },
  });
  expect(outageProblem().headers?.['Retry-After']).toBe('1');
});

test('an instant beyond all dates is the last one', () => {
  const limits = [{ ...day, resetAtMs: atMs * 1e6 }];
  expect(quotaProblem({ ...refused, limits }).extensions?.limits).toMatchObject([
    { resetAt: '+275760-09-13T00:00:00.000Z' },
  ]);
});
