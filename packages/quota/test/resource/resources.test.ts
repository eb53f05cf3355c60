import { describe, expect, it } from '@jest/globals';
import { definePlans } from '../../src';
import type { ResourceTransaction } from '../../src/types';
import { acme, openQuota } from '../support/open-quota';

const plans = definePlans({
  free: { contactsMax: 10, campaignsMax: 0 },
  small: { contactsMax: 11, campaignsMax: 5 },
  pro: { contactsMax: null, campaignsMax: 100 },
});
const ask = (current: number, adding?: number, plan = 'free') =>
  openQuota({ plans }).quota.checkResource('contacts', { ...acme, plan, current, adding });
/** Read committed, always in the same transaction. */
const transaction = (): ResourceTransaction & { readonly asked: unknown[] } => {
  const asked: unknown[] = [];
  return {
    asked,
    query: async (_text, values) => {
      asked.push(...values);
      return { rows: [{ isolation: 'read committed', began: '1', backend: '7' }] };
    },
  };
};

describe('checkResource', () => {
  it('allows up to the limit, and names the plan that would allow more', async () => {
    expect(await ask(9)).toEqual({
      allowed: true,
      resource: 'contacts',
      current: 9,
      limit: 10,
      remaining: 1,
      state: 'warn',
      plan: 'free',
      sufficientPlan: undefined,
    });
    expect(await ask(10)).toMatchObject({
      allowed: false,
      state: 'blocked',
      remaining: 0,
      sufficientPlan: 'small',
    });
    expect(await ask(10, 2)).toMatchObject({ allowed: false, sufficientPlan: 'pro' });
    expect(await ask(7)).toMatchObject({ allowed: true, state: 'warn' });
    expect(await ask(6)).toMatchObject({ allowed: true, state: 'ok' });
    expect(await ask(1_000_000, 5, 'pro')).toMatchObject({
      allowed: true,
      limit: null,
      remaining: null,
      state: 'ok',
    });
  });

  it('leaves what is there where a plan was lowered', async () => {
    expect(await ask(25, 0)).toMatchObject({ allowed: true, state: 'overage', remaining: 0 });
    expect(await ask(25, 1)).toMatchObject({ allowed: false, state: 'blocked', sufficientPlan: 'pro' });
  });

  it.each([
    [-1, 1],
    [0.5, 1],
    [Number.NaN, 1],
    ['5', 1],
    [1, -1],
    [1, 2 ** 53],
  ])('refuses %s and %s', async (current, adding) => {
    await expect(ask(current as number, adding)).rejects.toMatchObject({
      code: 'UNITE_QUOTA_AMOUNT_INVALID',
    });
  });

  it('refuses what no plan limits', async () => {
    const { quota } = openQuota({ plans });
    await expect(quota.checkResource('contact', { ...acme, current: 1 })).rejects.toThrow(
      'checkResource: no plan limits "contact"; known are contacts, campaigns',
    );
    const none = openQuota({ plans: definePlans({ free: { apiCallsPerDay: 1 } }) });
    await expect(none.quota.checkResource('contacts', { ...acme, current: 1 })).rejects.toThrow(
      'known are none',
    );
  });
});

describe('claimResource', () => {
  it('locks, counts by the same transaction, and throws where there is no place', async () => {
    const { quota } = openQuota({ plans, upgradeUrl: 'https://example.com/plans', namespace: 'crm' });
    const inside = transaction();
    const count = async () => {
      expect(inside.asked.length).toBeGreaterThan(0);
      return 9;
    };
    expect(await quota.claimResource(inside, 'contacts', { ...acme, count })).toMatchObject({
      allowed: true,
    });
    expect(inside.asked).toEqual(['unite.quota.resource:crm:acme:contacts']);
    const refused = quota.claimResource(transaction(), 'contacts', { ...acme, count: async () => 10 });
    await expect(refused).rejects.toMatchObject({
      code: 'UNITE_QUOTA_EXCEEDED',
      status: 429,
      message: 'contacts: 10 of 10 on plan free',
      resource: { allowed: false, sufficientPlan: 'small' },
    });
  });

  it('says when it is given the text that a driver makes of a count', async () => {
    const { quota } = openQuota({ plans });
    const count = async () => '9' as never;
    await expect(quota.claimResource(transaction(), 'contacts', { ...acme, count })).rejects.toThrow(
      'checkResource: "current" must be a whole number from 0 to 9007199254740991, got "9"',
    );
  });
});
