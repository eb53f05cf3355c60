import type { DashboardHeader, ScreenName } from '../screen-types';
import type { ScreenSources, Viewer } from './screen-source-types';

/** The line that connects a screen. */
const lines: Readonly<Partial<Record<ScreenName, string>>> = {
  traces: 'traces: createTraceStore() // of @unite/tracing/store, also among the exporters of startTracing',
  errors: 'errors: createEventStore() // of @unite/apm/store, also among the sinks of startApm',
  slos: "apm: startApm({ service, slos: [slo('api-latency', { target: 0.999, underMs: 300 })] })",
  cache: "cache: createCache({ namespace: 'app' })",
  quota: 'quota: createQuota({ plans })',
  database: 'cluster: createCluster({ nodes, Pool: pg.Pool })',
  releases: "service: { name: 'app', release: process.env.RELEASE }",
  drills: 'drills: { list, start, stop } // outside of production',
};

/** What stands above every screen. */
export function readHeader(sources: ScreenSources, viewer: Viewer): DashboardHeader {
  const { service, environment, clock } = sources;
  const screens = connected(sources);
  const hints = Object.entries(lines).filter(([name]) => !screens[name as ScreenName]);
  return {
    service: service.name,
    release: service.release,
    environment,
    pid: process.pid,
    startedAtMs: Math.round(clock.wallMs() - process.uptime() * 1_000),
    atMs: clock.wallMs(),
    mayAct: sources.hasActions && viewer.mayAct,
    tenantId: viewer.tenantId,
    screens,
    hints: Object.fromEntries(hints),
    home: sources.options.home,
  };
}

function connected({ options, service, collectors }: ScreenSources): Record<ScreenName, boolean> {
  const { traces, errors, apm, cache, quota, cluster, drills } = options;
  return {
    now: true,
    requests: true,
    traces: traces !== undefined,
    errors: errors !== undefined,
    slos: apm !== undefined && apm.slos().length > 0,
    cache: cache !== undefined || collectors.cache.reads > 0,
    quota: quota !== undefined,
    database: cluster !== undefined,
    releases: service.release !== undefined || (errors?.deployments().length ?? 0) > 0,
    drills: drills !== undefined,
  };
}
