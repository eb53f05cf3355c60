import { expect, it } from '@jest/globals';
import { currentContext } from '@unite/core/context';
import { settingsOf } from '../src/settings';
import { FakeServer, fakeDriver } from './fake-driver';

const Pool = fakeDriver({ db: new FakeServer() });
const nodes = [{ url: 'postgres://db/app' }];

it('fills in what the documentation says', () => {
  const { clock, random, context, ...rest } = settingsOf({ nodes, Pool });
  expect(rest).toEqual({
    name: 'main',
    Pool,
    max: 10,
    maxForReadsOnPrimary: 5,
    maxWaitingForConnection: 1_000,
    connectTimeoutMs: 2_000,
    idleTimeoutMs: 30_000,
    maxLifetimeMs: 1_800_000,
    statementTimeoutMs: undefined,
    idleInTransactionTimeoutMs: 60_000,
    applicationName: 'unite',
    ssl: undefined,
    maxLagMs: 30_000,
    waitForReplicaMs: 50,
    maxWaitingForPrimary: 1_000,
    failoverTimeoutMs: 15_000,
    healthCheckEveryMs: 10_000,
    probeTimeoutMs: 1_000,
    queryTimeoutMs: 30_000,
    idempotencyTable: 'unite_idempotency',
  });
  expect(context).toBe(currentContext);
  expect(random).toBe(Math.random);
  expect(clock.monotonicMs()).toBeCloseTo(performance.now(), -3);
});

it('takes what was given, zero too', () => {
  const context = () => undefined;
  const settings = settingsOf({
    nodes,
    Pool,
    context,
    pool: { max: 7, maxWaiting: 0, ssl: false },
    failover: { maxWaiting: 0, timeoutMs: 9 },
  });
  expect(settings).toMatchObject({
    context,
    max: 7,
    maxForReadsOnPrimary: 4,
    maxWaitingForConnection: 0,
    ssl: false,
    maxWaitingForPrimary: 0,
    failoverTimeoutMs: 9,
  });
});

it('looks three times within the lag that is tolerated', () => {
  expect(settingsOf({ nodes, Pool, reads: { maxLagMs: 3_000 } }).healthCheckEveryMs).toBe(1_000);
  expect(settingsOf({ nodes, Pool, healthCheckEveryMs: 500 }).healthCheckEveryMs).toBe(500);
});
