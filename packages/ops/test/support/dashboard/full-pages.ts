import type {
  DashboardHeader,
  PulseSecond,
  RequestRow,
  ScreenData,
  ScreenName,
  SpanRow,
  TracePage,
} from '../../../src/dashboard/screen-types';

/** When the recorded pages were made. */
export const recordedAtMs = Date.UTC(2026, 10, 26, 14, 3, 20);

const minuteMs = 60_000;
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

export const header: DashboardHeader = {
  service: 'crm',
  release: '2.14.0',
  environment: 'development',
  pid: 4_182,
  startedAtMs: recordedAtMs - 3 * 3_600_000,
  atMs: recordedAtMs,
  mayAct: true,
  tenantId: undefined,
  screens: {
    now: true,
    requests: true,
    traces: true,
    errors: true,
    slos: true,
    cache: true,
    quota: true,
    database: true,
    releases: true,
    drills: true,
  },
  hints: {},
};

const routes = [
  ['GET', '/api/contacts'],
  ['GET', '/api/contacts/[id]'],
  ['POST', '/api/contacts'],
  ['GET', '/api/usage'],
  ['POST', '/api/campaigns/[id]/send'],
  ['GET', '/contacts'],
] as const;

/** Looks random, and is the same each time. */
function noise(seed: number): number {
  return Math.abs(Math.sin(seed * 12.9898) * 43_758.5453) % 1;
}

export function secondAt(index: number): PulseSecond {
  const requests = Math.round(38 + 14 * Math.sin(index / 24) + 8 * noise(index));
  const isDisturbed = index > 236 && index < 262;
  const isSilent = index > 96 && index < 108;
  const cacheReads = isSilent ? 0 : requests * 2;
  return {
    atMs: recordedAtMs - (299 - index) * 1_000,
    requests: isSilent ? 0 : requests,
    errors: isDisturbed ? Math.round(3 * noise(index + 7)) : 0,
    refused: isSilent ? 0 : Math.round(4 * noise(index + 3)),
    p50Ms: isSilent ? null : 9 + 3 * noise(index),
    p95Ms: isSilent ? null : (isDisturbed ? 120 : 38) + 18 * noise(index + 1),
    cacheReads,
    cacheHits: Math.round(cacheReads * (0.84 + 0.1 * noise(index + 2))),
    replicaReads: isSilent ? 0 : Math.round(requests * (isDisturbed ? 0.3 : 0.62)),
    primaryReads: isSilent ? 0 : Math.round(requests * (isDisturbed ? 0.4 : 0.08)),
    writes: isSilent ? 0 : Math.round(requests * 0.12),
  };
}

export function rowAt(id: number): RequestRow {
  const [method, route] = routes[Math.floor(noise(id) * routes.length)] ?? routes[0];
  const status = noise(id + 1) > 0.97 ? 500 : noise(id + 2) > 0.94 ? 429 : method === 'POST' ? 201 : 200;
  return {
    id,
    atMs: recordedAtMs - (48_210 - id) * 27,
    method,
    route,
    status,
    isAborted: noise(id + 5) > 0.99,
    durationMs: 4 + 60 * noise(id + 3) ** 4 + (status === 500 ? 240 : 0),
    tenantId: ['acme', 'globex', 'initech', undefined][Math.floor(noise(id + 4) * 4)],
    traceId: noise(id + 6) > 0.3 ? traceId : undefined,
    eventId: status === 500 ? `event-${id}` : undefined,
  };
}

export const fullScreens: ScreenData = {
  now: {
    verdicts: [
      { screen: 'requests', verdict: 'ok', sentence: '44 a second, 12 of 11,380 failed in five minutes.' },
      { screen: 'errors', verdict: 'ok', sentence: '2 kinds since the start, none new in 2.14.0.' },
      { screen: 'slos', verdict: 'ok', sentence: 'Both objectives are within their budget.' },
      { screen: 'cache', verdict: 'ok', sentence: '89 % of 22,760 reads saved a load.' },
      { screen: 'quota', verdict: 'ok', sentence: 'Nobody is blocked, acme is at 96 % of its calls.' },
      { screen: 'database', verdict: 'warn', sentence: 'replica-2 is down; reads move to replica-1.' },
      { screen: 'releases', verdict: 'ok', sentence: '2.14.0 is no worse than 2.13.2.' },
      { screen: 'drills', verdict: 'none', sentence: 'None is running.' },
    ],
    pulse: Array.from({ length: 300 }, (_, index) => secondAt(index)),
    releases: [{ atMs: recordedAtMs - 3.4 * minuteMs, release: '2.14.0' }],
    latencyGoal: { name: 'api-latency', underMs: 200 },
    health: {
      state: 'ready',
      groups: { live: 'up', ready: 'degraded', startup: 'up' },
      checks: [
        { name: 'postgres', status: 'degraded', detail: 'replica-2 does not answer', ageMs: 820 },
        { name: 'redis', status: 'up', detail: undefined, ageMs: 410 },
        { name: 'loop', status: 'up', detail: 'p99 delay 12 ms', ageMs: 120 },
      ],
    },
    findings: [
      {
        verifier: 'cache',
        subject: 'redis',
        status: 'passed',
        detail: 'Read back in 1.2 ms.',
        atMs: recordedAtMs - 31_000,
      },
      {
        verifier: 'db',
        subject: 'replica replica-2',
        status: 'warned',
        detail: 'It does not answer.',
        remedy: 'Start it, or take it out of the configuration.',
        atMs: recordedAtMs - 31_000,
      },
    ],
  },
  requests: {
    rows: Array.from({ length: 500 }, (_, index) => rowAt(48_210 - index)),
    total: 48_210,
    kept: 500,
    routes: routes.map(([method, route], index) => ({
      route: `${method} ${route}`,
      requests: 18_400 - index * 2_900,
      errors: index === 4 ? 31 : index,
      p50Ms: 8.2 + index * 3,
      p95Ms: 34 + index * 21,
      p99Ms: 71 + index * 44,
    })),
  },
  traces: {
    rows: Array.from({ length: 40 }, (_, index) => {
      const [method, route] = routes[index % routes.length] ?? routes[0];
      return {
        traceId:
          index === 0 ? traceId : `${index.toString(16).padStart(2, '0')}f92f3577b34da6a3ce929d0e0e4736`,
        name: `${method} ${route}`,
        atMs: recordedAtMs - index * 4_100,
        durationMs: 8 + 90 * noise(index) ** 2,
        spans: 4 + (index % 9),
        hasError: index % 11 === 3,
      };
    }),
    total: 1_204,
  },
  errors: {
    rows: [
      {
        id: 'event-1',
        type: 'UpstreamError',
        message: 'The scorer answered with 503 after 3 attempts',
        route: 'POST /api/campaigns/[id]/send',
        release: '2.14.0',
        count: 31,
        firstAtMs: recordedAtMs - 42 * minuteMs,
        lastAtMs: recordedAtMs - 90_000,
        isHandled: false,
        traceId,
        stack: [
          { text: 'at scoreOf (lib/scoring/score-of.ts:41:11)', isOwn: true },
          { text: 'at sendCampaign (lib/campaigns/send.ts:88:5)', isOwn: true },
          {
            text: 'at process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
            isOwn: false,
          },
        ],
      },
      {
        id: 'event-2',
        type: 'TypeError',
        message: "Cannot read properties of undefined (reading 'stage')",
        route: 'GET /api/contacts/[id]',
        release: '2.13.2',
        count: 4,
        firstAtMs: recordedAtMs - 170 * minuteMs,
        lastAtMs: recordedAtMs - 150 * minuteMs,
        isHandled: true,
        traceId: undefined,
        stack: [{ text: 'at stageOf (lib/contacts/stage-of.ts:12:27)', isOwn: true }],
      },
    ],
    total: 35,
    requests: 48_210,
  },
  slos: {
    rows: [
      {
        name: 'api-latency',
        route: '*',
        target: 0.99,
        underMs: 200,
        windowDays: 30,
        good: 47_942,
        total: 48_210,
        burn: { '5m': 2.4, '30m': 1.1, '1h': 0.8, '6h': 0.5 },
        state: 'warning',
        goneInMs: 9.4 * 86_400_000,
      },
      {
        name: 'checkout-errors',
        route: 'POST /api/campaigns/[id]/send',
        target: 0.999,
        underMs: undefined,
        windowDays: 30,
        good: 3_869,
        total: 3_900,
        burn: { '5m': 16.2, '30m': 15.1, '1h': 14.6, '6h': null },
        state: 'page',
        goneInMs: 0.6 * 3_600_000,
      },
    ],
  },
  cache: {
    state: 'up',
    reads: 96_400,
    byLayer: { memory: 71_800, remote: 14_100, load: 10_500 },
    memory: { entries: 2_310, bytes: 18_400_000, maxBytes: 64_000_000, evictions: 112 },
    definitions: [
      { name: 'contacts.page', reads: 61_000, hits: 56_200, loads: 4_800, failures: 3 },
      { name: 'contact', reads: 28_300, hits: 24_100, loads: 4_200, failures: 0 },
      { name: 'score', reads: 7_100, hits: 5_600, loads: 1_500, failures: 31 },
    ],
    invalidations: [
      { atMs: recordedAtMs - 14_000, names: 2, acknowledged: true },
      { atMs: recordedAtMs - 96_000, names: 1, acknowledged: false },
    ],
    mayInvalidate: true,
  },
  quota: {
    store: 'up',
    ledger: 'up',
    allowed: 47_010,
    denied: 1_180,
    unavailable: 20,
    lost: 0,
    tenants: [
      {
        tenantId: 'acme',
        plan: 'free',
        state: 'blocked',
        limit: 'apiCalls',
        used: 1_000,
        of: 1_000,
        exhaustedAtMs: recordedAtMs,
      },
      {
        tenantId: 'globex',
        plan: 'pro',
        state: 'warn',
        limit: 'apiCalls',
        used: 9_140,
        of: 10_000,
        exhaustedAtMs: recordedAtMs + 94 * minuteMs,
      },
      {
        tenantId: 'initech',
        plan: 'enterprise',
        state: 'ok',
        limit: 'tokens',
        used: 31_200,
        of: null,
        exhaustedAtMs: null,
      },
    ],
    costs: [
      { route: 'POST /api/contacts/[id]/score', amount: 312_400, costNanoUsd: '4711000000' },
      { route: 'GET /api/contacts', amount: 18_400, costNanoUsd: '92000' },
    ],
  },
  database: {
    name: 'crm',
    primary: 'primary',
    refusal: undefined,
    timeline: 3,
    waitingWrites: 0,
    failovers: 1,
    replicaReads: 58_200,
    primaryReads: 9_700,
    nodes: [
      {
        name: 'primary',
        role: 'primary',
        state: 'up',
        reason: undefined,
        lagMs: undefined,
        lagBytes: undefined,
        latencyMs: 0.8,
        breaker: 'closed',
        inFlight: 4,
        pools: [
          { purpose: 'read', max: 10, total: 4, idle: 3, waiting: 0 },
          { purpose: 'write', max: 10, total: 6, idle: 3, waiting: 0 },
        ],
      },
      {
        name: 'replica-1',
        role: 'replica',
        state: 'up',
        reason: undefined,
        lagMs: 12,
        lagBytes: 4_096,
        latencyMs: 0.9,
        breaker: 'closed',
        inFlight: 7,
        pools: [{ purpose: 'read', max: 10, total: 10, idle: 3, waiting: 2 }],
      },
      {
        name: 'replica-2',
        role: 'replica',
        state: 'down',
        reason: 'connection refused',
        lagMs: undefined,
        lagBytes: undefined,
        latencyMs: undefined,
        breaker: 'open',
        inFlight: 0,
        pools: [{ purpose: 'read', max: 10, total: 0, idle: 0, waiting: 0 }],
      },
    ],
    changes: [
      {
        atMs: recordedAtMs - 61_000,
        node: 'replica-2',
        from: 'up',
        to: 'down',
        reason: 'connection refused',
      },
      { atMs: recordedAtMs - 22 * minuteMs, node: 'primary', from: 'unknown', to: 'up', reason: undefined },
    ],
  },
  releases: {
    rows: [
      {
        release: '2.14.0',
        deployment: 'green',
        atMs: recordedAtMs - 3.4 * minuteMs,
        requests: 11_380,
        errors: 12,
        p95Ms: 44,
        isCurrent: true,
      },
      {
        release: '2.13.2',
        deployment: 'blue',
        atMs: recordedAtMs - 180 * minuteMs,
        requests: 36_830,
        errors: 23,
        p95Ms: 41,
        isCurrent: false,
      },
    ],
  },
  drills: {
    refusal: undefined,
    drills: [
      {
        name: 'kill-replica',
        title: 'Kill a replica',
        holds: 'Reads move to replica-1. Keep working.',
        startedAtMs: recordedAtMs - 12_000,
        endsAtMs: recordedAtMs + 48_000,
        requests: 41,
        failed: 0,
      },
      {
        name: 'freeze-redis',
        title: 'Freeze Redis',
        holds: 'Reads come from memory, then from the database. Limits are counted in this process.',
        startedAtMs: undefined,
        endsAtMs: undefined,
        requests: 0,
        failed: 0,
      },
    ],
  },
};

function span(
  depth: number,
  name: string,
  offsetMs: number,
  durationMs: number,
  more: Partial<SpanRow> = {},
): SpanRow {
  return {
    spanId: `${name}-${offsetMs}`,
    depth,
    name,
    service: 'crm',
    kind: 'internal',
    offsetMs,
    durationMs,
    status: 'unset',
    message: undefined,
    attributes: [],
    events: [],
    links: [],
    ...more,
  };
}

export const tracePage: TracePage = {
  header,
  trace: {
    traceId,
    name: 'POST /api/campaigns/[id]/send',
    atMs: recordedAtMs - 90_000,
    durationMs: 284,
    spans: 8,
    hasError: true,
    dropped: 0,
    rows: [
      span(0, 'POST /api/campaigns/[id]/send', 0, 284, {
        kind: 'server',
        attributes: [
          ['http.response.status_code', '500'],
          ['unite.tenant_id', 'acme'],
        ],
      }),
      span(1, 'quota decide', 1.2, 1.8),
      span(1, 'cache get contacts.page', 3.4, 14, { attributes: [['unite.cache.outcome', 'load']] }),
      span(2, 'pg SELECT contacts', 4.1, 12, {
        kind: 'client',
        attributes: [
          [
            'db.query.text',
            'SELECT id, name, stage FROM contacts WHERE tenant_id = $1 ORDER BY name LIMIT 50',
          ],
        ],
      }),
      span(1, 'score contacts', 19, 262, {
        status: 'error',
        message: 'The scorer answered with 503 after 3 attempts',
      }),
      span(2, 'POST scorer', 20, 80, { kind: 'client', service: 'crm' }),
      span(2, 'POST scorer', 104, 81, { kind: 'client' }),
      span(2, 'POST scorer', 196, 84, { kind: 'client', events: [{ name: 'retry', offsetMs: 2 }] }),
    ],
  },
  reason: undefined,
};

export const screenNames = Object.keys(fullScreens).filter(isScreenName);

function isScreenName(name: string): name is ScreenName {
  return Object.hasOwn(fullScreens, name);
}
