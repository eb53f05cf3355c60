import { access } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { createLifecycle } from '../../src';
import { postgresCheck, redisCheck } from '../../src/checks';

it('checks that get no answer say so themselves, before their time is up', async () => {
  const never = () => new Promise<never>(() => undefined);
  await using lifecycle = createLifecycle({
    checks: {
      postgres: postgresCheck({ query: never }, { timeoutMs: 100 }),
      redis: redisCheck({ send: never }, { group: 'degraded', timeoutMs: 100 }),
    },
    drain: { readinessGraceMs: 0 },
  });
  await lifecycle.start();
  expect(await lifecycle.health()).toMatchObject({
    status: 'down',
    groups: { ready: 'down', write: 'down', degraded: 'down' },
    checks: {
      postgres: { detail: 'no answer in 90 ms', groups: { ready: 'down', write: 'down' } },
      redis: { detail: 'no answer in 90 ms', groups: { degraded: 'down' } },
    },
  });
});

it('checks say so themselves, and hear what was answered, where this process is busy for longer than they have', async () => {
  const busy = async (): Promise<unknown> => {
    // After what `setImmediate` runs the loop comes to its timers first, and reads then.
    await setImmediate();
    const answered = access(__filename);
    const untilMs = performance.now() + 300;
    while (performance.now() < untilMs);
    return answered;
  };
  await using lifecycle = createLifecycle({
    checks: {
      never: postgresCheck(
        { query: () => busy().then(() => new Promise<never>(() => {})) },
        { timeoutMs: 100 },
      ),
      heard: redisCheck({ send: busy }, { timeoutMs: 100 }),
    },
    drain: { readinessGraceMs: 0 },
  });
  await lifecycle.start();
  expect((await lifecycle.health()).checks).toMatchObject({
    never: { detail: 'no answer in 90 ms', groups: { ready: 'down', write: 'down' } },
    heard: { status: 'up' },
  });
});

it('a cluster without a primary fails the routes that write, and no other', async () => {
  const replica = { name: 'b', host: 'b', port: 5432, role: 'replica', state: 'up', pools: [] };
  const status = () => ({ primary: undefined, refusal: undefined, nodes: [replica] });
  await using lifecycle = createLifecycle({
    checks: { postgres: postgresCheck({ status }) },
    drain: { readinessGraceMs: 0 },
  });
  await lifecycle.start();
  const { status: whole, groups } = await lifecycle.health();
  expect({ whole, groups }).toEqual({
    whole: 'degraded',
    groups: { ready: 'up', write: 'down', degraded: 'up' },
  });
});
