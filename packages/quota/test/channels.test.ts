import { afterEach, describe, expect, it } from '@jest/globals';
import { definePrices } from '../src/cost';
import { listen } from './support/listen';
import { acme, openQuota } from './support/open-quota';

const stops: (() => void)[] = [];
const hear = (name: string) => {
  const { heard, stop } = listen(name);
  stops.push(stop);
  return heard;
};
const ends = (name: string) => hear(`tracing:unite:quota:${name}:asyncEnd`);

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

describe('the channels', () => {
  it('say what was decided and settled, and not for whom; what was used, and who is charged', async () => {
    const prices = definePrices({
      version: '1',
      models: { m: { inputPerMillionUsd: 1, outputPerMillionUsd: 1 } },
    });
    const [checks, reserves, settles, uses] = [
      ends('check'),
      ends('reserve'),
      ends('settle'),
      hear('unite:quota:use'),
    ];
    const { quota } = openQuota({ namespace: 'crm', prices });
    const secret = { ...acme, tenantId: 'secret-tenant', idempotencyKey: 'secret-key', route: 'GET /a' };
    await quota.check({ ...secret, use: { apiCalls: 1 } });
    await quota.check({ ...acme, tenantId: 'secret-tenant', use: { apiCalls: 11 } });
    await expect(quota.check({ ...secret, use: { apiCalls: 2 } })).rejects.toThrow();
    const hold = await quota.reserve({ ...acme, tenantId: 'secret-tenant', use: { aiTokens: 10 } });
    await hold.commit({ model: 'm', inputTokens: 3, outputTokens: 1 });
    await quota.record({
      ...acme,
      tenantId: 'secret-tenant',
      use: {},
      model: { model: 'new', inputTokens: 1, outputTokens: 0 },
    });
    const common = { quota: 'crm', plan: 'free' };
    const passed = { ...common, allowed: true, state: 'ok', violated: [], by: 'store' };
    expect(checks).toEqual([
      passed,
      { ...common, allowed: false, state: 'blocked', violated: ['apiCallsPerDay'], by: 'store' },
      { quota: 'crm', error: expect.objectContaining({ code: 'UNITE_QUOTA_KEY_REUSED' }) },
    ]);
    expect(reserves).toEqual([passed]);
    expect(settles).toEqual([{ quota: 'crm', as: 'commit', isLate: false }]);
    const used = { ...common, tenantId: 'secret-tenant', route: undefined, isUnpriced: false };
    const priced = { model: 'm', isUnpriced: false };
    expect(uses).toEqual([
      { ...used, route: 'GET /a', use: { apiCalls: 1 }, costs: [] },
      { ...used, use: { aiTokens: 10 }, costs: [] },
      {
        ...used,
        use: { aiTokens: -6 },
        costs: [
          { ...priced, unit: 'inputTokens', amount: 3, costNanoUsd: 3_000n },
          { ...priced, unit: 'outputTokens', amount: 1, costNanoUsd: 1_000n },
        ],
      },
      {
        ...used,
        use: { aiTokens: 1 },
        costs: [{ unit: 'aiTokens', model: 'new', amount: 1, costNanoUsd: 0n, isUnpriced: true }],
        isUnpriced: true,
      },
    ]);
    expect(JSON.stringify([checks, reserves, settles])).not.toContain('secret');
    expect(
      uses.map((message) => JSON.stringify(Object.values(message).flat(), writeBigInt)).join(),
    ).not.toContain('secret-key');
  });
});

function writeBigInt(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}
