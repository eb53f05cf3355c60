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
  it('say what was decided, settled and used, and not by whom', async () => {
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
    expect(uses).toEqual([
      { ...common, route: 'GET /a', use: { apiCalls: 1 }, costs: [], isUnpriced: false },
      { ...common, route: undefined, use: { aiTokens: 10 }, costs: [], isUnpriced: false },
      {
        ...common,
        route: undefined,
        use: { aiTokens: -6 },
        costs: [
          { unit: 'inputTokens', model: 'm', costNanoUsd: 3_000n },
          { unit: 'outputTokens', model: 'm', costNanoUsd: 1_000n },
        ],
        isUnpriced: false,
      },
      {
        ...common,
        route: undefined,
        use: { aiTokens: 1 },
        costs: [{ unit: 'aiTokens', model: 'new', costNanoUsd: 0n }],
        isUnpriced: true,
      },
    ]);
    const said = JSON.stringify([checks, reserves, settles, uses], (_, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    expect(said).not.toContain('secret');
  });
});
