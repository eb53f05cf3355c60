import { channel } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Verifier } from '@unite/core';
import { manualClock, settle } from '@unite/shared/testing';
import type { DashboardOptions, NowScreen, ScreenName } from '../../src/dashboard';
import { askDirectly, closeDashboards, dashboardOf, dataOf } from './support/dashboards';
import { publishRequest } from './support/publish-request';

afterEach(closeDashboards);

type Source<Name extends keyof DashboardOptions> = NonNullable<DashboardOptions[Name]>;

function shown(options: DashboardOptions = {}) {
  return dashboardOf({ authorize: () => true, ...options });
}

async function verdictOf(
  options: DashboardOptions,
  screen: ScreenName,
): Promise<NowScreen['verdicts'][number]> {
  const { verdicts } = await dataOf(shown(options), 'now');
  return verdicts.find((one) => one.screen === screen) as NowScreen['verdicts'][number];
}

const counts = { failovers: 1, replicaReads: 2, primaryReads: 3 };

function clusterOf(
  primary: string | undefined,
  states: readonly ('up' | 'down' | 'unknown')[],
): Source<'cluster'> {
  const nodes = states.map((state, index) => ({
    name: `db-${index}`,
    host: '10.0.0.1',
    role: 'replica' as const,
    state,
    reason: undefined,
    lagMs: 5,
    lagBytes: 0,
    latencyMs: 1,
    breaker: 'closed' as const,
    inFlight: 0,
    pools: [],
  }));
  const refusal = primary === undefined ? 'none answers' : undefined;
  return { status: () => ({ name: 'main', primary, refusal, timeline: 1, waitingWrites: 0, nodes, counts }) };
}

function quotaOf(statistics: Partial<ReturnType<Source<'quota'>['statistics']>>): Source<'quota'> {
  return {
    statistics: () => ({
      allowed: 0,
      denied: 0,
      unavailable: 0,
      lost: 0,
      store: 'up',
      ledger: 'none',
      ...statistics,
    }),
    usage: () => Promise.reject(new Error('away')),
  };
}

function apmOf(
  state: 'ok' | 'warning' | 'page' | 'no-data',
  burn: number | undefined,
  bad = 0,
): Source<'apm'> {
  return {
    service: { name: 'crm' },
    slos: () => [
      {
        slo: { name: 'errors', route: '*', target: 0.99, underMs: undefined, windowDays: 30 },
        counts: { good: 100 - bad, total: burn === undefined ? 0 : 100 },
        burnRates: { '5m': burn, '30m': burn, '1h': burn, '6h': undefined },
        state,
      },
    ],
  };
}

function cacheOf(state: 'up' | 'down' | 'starting'): Source<'cache'> {
  return {
    stats: () => ({ memory: { entries: 0, bytes: 0, maxBytes: 1, evictions: 0 }, remote: { state } }),
    invalidateTags: async () => undefined,
  };
}

function lifecycleOf(
  state: 'starting' | 'ready' | 'draining',
  status: 'up' | 'degraded' | 'down',
): Source<'lifecycle'> {
  const report = { state, status, groups: { ready: status }, checks: { redis: { status, groups: {} } } };
  return { state, healthNow: () => report, health: () => Promise.reject(new Error('closed')) };
}

it('draws the objective for all routes beside the times of answers', async () => {
  const { slos, ...rest } = apmOf('ok', 0) as NonNullable<Source<'apm'>>;
  const [report] = slos();
  if (!report) throw new Error('apmOf has one objective');
  const withGoal = { ...report, slo: { ...report.slo, name: 'latency', underMs: 200 } };
  const ofOneRoute = { ...withGoal, slo: { ...withGoal.slo, route: 'GET /slow', underMs: 5_000 } };
  const dashboard = shown({ apm: { ...rest, slos: () => [report, ofOneRoute, withGoal] } });
  expect((await dataOf(dashboard, 'now')).latencyGoal).toEqual({ name: 'latency', underMs: 200 });
});

describe('a verdict', () => {
  it.each<[ScreenName, DashboardOptions, string, string]>([
    ['now', { lifecycle: lifecycleOf('ready', 'up') }, 'ok', 'All checks are up'],
    ['now', { lifecycle: lifecycleOf('ready', 'degraded') }, 'warn', 'Not up: redis'],
    ['now', { lifecycle: lifecycleOf('ready', 'down') }, 'down', 'Not up: redis'],
    ['now', { lifecycle: lifecycleOf('draining', 'down') }, 'down', 'The process is draining'],
    ['requests', {}, 'none', 'No request in the last minute'],
    ['errors', { errors: { events: () => [], deployments: () => [] } }, 'ok', 'No error in five minutes'],
    ['slos', { apm: apmOf('ok', 0) }, 'ok', '1 of 1 objectives are met'],
    ['slos', { apm: apmOf('warning', 2) }, 'warn', 'The budget burns: errors'],
    ['slos', { apm: apmOf('page', 20) }, 'down', 'The budget burns fast: errors'],
    ['slos', { apm: apmOf('no-data', undefined) }, 'none', 'No request for an objective yet'],
    ['cache', { cache: cacheOf('down') }, 'warn', 'The shared layer is away: this process caches alone'],
    ['cache', { cache: cacheOf('up') }, 'none', 'Not read yet'],
    ['quota', { quota: quotaOf({ store: 'down' }) }, 'warn', 'The store is away'],
    ['quota', { quota: quotaOf({ ledger: 'down' }) }, 'warn', 'The ledger is away'],
    ['quota', { quota: quotaOf({ lost: 3 }) }, 'warn', '3 uses were lost'],
    ['quota', { quota: quotaOf({}) }, 'none', 'Nothing was asked for yet'],
    ['quota', { quota: quotaOf({ allowed: 9, denied: 1 }) }, 'ok', '1 of 10 refused since the start'],
    ['database', { cluster: clusterOf(undefined, ['unknown']) }, 'none', 'Not asked yet'],
    ['database', { cluster: clusterOf(undefined, ['up']) }, 'down', 'No primary: none answers'],
    ['database', { cluster: clusterOf('db-0', ['up', 'down']) }, 'warn', 'db-1 is down'],
    ['database', { cluster: clusterOf('db-0', ['up']) }, 'ok', 'db-0 is the primary, 1 nodes are up'],
  ])('of %s %#', async (screen, options, verdict, sentence) => {
    expect(await verdictOf(options, screen)).toEqual({ screen, verdict, sentence });
  });

  it('of requests is of the last minute', async () => {
    const clock = manualClock();
    const dashboard = shown({ clock });
    for (let index = 0; index < 99; index++) publishRequest({});
    publishRequest({ status: 429 });
    await clock.advance(1_000);
    const first = async () => (await dataOf(dashboard, 'now')).verdicts[0];
    expect(await first()).toMatchObject({
      verdict: 'warn',
      sentence: '0 of 100 failed in the last minute, 1 refused',
    });
    await clock.advance(61_000);
    expect(await first()).toMatchObject({ verdict: 'none' });
  });
});

it.each([
  ['runs out at the pace of the last hour', apmOf('page', 10), 3 * 86_400_000],
  ['does not run out within the window', apmOf('ok', 0.5), null],
  ['is not used at all', apmOf('ok', 0), null],
  ['is not known yet', apmOf('no-data', undefined), null],
])('a budget %s', async (_, apm, goneInMs) => {
  const { rows } = await dataOf(shown({ apm, clock: manualClock() }), 'slos');
  expect(rows).toMatchObject([{ name: 'errors', goneInMs, burn: { '6h': null } }]);
});

it('a budget that this process has used up is gone', async () => {
  const clock = manualClock();
  const dashboard = shown({ apm: apmOf('page', 50, 50), clock });
  await clock.advance(86_400_000);
  expect((await dataOf(dashboard, 'slos')).rows).toMatchObject([{ goneInMs: 0 }]);
});

it('the database shows no host', async () => {
  const data = await dataOf(shown({ cluster: clusterOf('db-0', ['up']) }), 'database');
  expect(data).toMatchObject({ primary: 'db-0', nodes: [{ name: 'db-0', lagMs: 5 }], ...counts });
  expect(JSON.stringify(data)).not.toContain('10.0.0.1');
});

it('tenants that are the nearest to a limit come first, and a store that hangs makes nobody wait', async () => {
  const clock = manualClock();
  const usage = (tenantId: string, used: number, limit: number | null, state: 'ok' | 'blocked') =>
    ({
      tenantId,
      plan: 'free',
      limits: [{ name: 'calls', used, limit, state, exhaustedAtMs: null }],
    }) as const;
  const answers: Record<string, unknown> = {
    half: usage('half', 50, 100, 'ok'),
    full: usage('full', 100, 100, 'blocked'),
    free: usage('free', 1, null, 'ok'),
    none: usage('none', 0, 0, 'ok'),
    new: { tenantId: 'new', plan: 'free', limits: [] },
  };
  const asked: string[] = [];
  const quota: Source<'quota'> = {
    ...quotaOf({}),
    usage: (tenantId) => {
      asked.push(tenantId);
      if (tenantId === 'gone') return Promise.reject(new Error('no such tenant'));
      const answer = answers[tenantId];
      return answer === undefined ? new Promise(() => undefined) : Promise.resolve(answer as never);
    },
  };
  const dashboard = shown({ quota, clock });
  for (const tenantId of [...Object.keys(answers), 'gone', 'hangs'])
    channel('unite:quota:use').publish({ tenantId, use: { apiCalls: 1 }, costs: [] });
  const reading = dataOf(dashboard, 'quota');
  await settle();
  await clock.advance(2_000);
  const { tenants, costs } = await reading;
  expect(tenants.map(({ tenantId }) => tenantId)).toEqual(['full', 'none', 'half', 'free']);
  expect(costs).toEqual([{ route: 'outside of requests', amount: 7, costNanoUsd: '0' }]);
  const again = dataOf(dashboard, 'quota');
  await settle();
  await clock.advance(2_000);
  await again;
  expect(asked).toHaveLength(7);
});

it('verifiers run while somebody looks, once a minute at most, and nobody waits for them', async () => {
  const clock = manualClock();
  let runs = 0;
  let answer: () => void = () => undefined;
  const verifier: Verifier = {
    name: 'database',
    about: 'reads what it wrote',
    run: () => {
      runs += 1;
      return new Promise((resolve) => {
        answer = () => resolve([{ subject: 'replica', status: 'warned', detail: 'late', remedy: 'wait' }]);
      });
    },
  };
  const dashboard = shown({ verify: [verifier], clock });
  expect(runs).toBe(0);
  expect((await dataOf(dashboard, 'now')).findings).toEqual([]);
  answer();
  await settle();
  expect((await dataOf(dashboard, 'now')).findings).toMatchObject([
    { verifier: 'database', subject: 'replica', status: 'warned', remedy: 'wait', atMs: clock.wallMs() },
  ]);
  expect(runs).toBe(1);
  await clock.advance(60_000);
  await dataOf(dashboard, 'now');
  expect(runs).toBe(2);
});

it('drills are shown as they are told, and refused where actions are off', async () => {
  const drills = { list: async () => ({ refusal: undefined, drills: [] }), start() {}, stop() {} };
  expect(await dataOf(shown({ drills, actions: true }), 'drills')).toEqual({ drills: [] });
  expect(await dataOf(shown({ drills }), 'drills')).toEqual({ refusal: 'Actions are off.', drills: [] });
});

it('what is not connected is empty, and says how to connect it', async () => {
  const dashboard = shown();
  for (const screen of ['traces', 'errors', 'slos', 'cache', 'quota', 'database', 'releases', 'drills']) {
    const answer = await askDirectly(dashboard, `/api/${screen}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      header: { screens: { [screen]: false }, hints: { [screen]: expect.any(String) } },
    });
  }
});

it('a source that fails is a page that says so, not a rejection', async () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const apm = apmOf('ok', 0);
  const dashboard = shown({ apm });
  Object.assign(apm, {
    slos: () => {
      throw new Error('secret');
    },
  });
  const answer = await askDirectly(dashboard, '/api/slos');
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('secret');
  warned.mockRestore();
});
