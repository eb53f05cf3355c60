import { startApm } from '@unite/apm';
import { browserMetrics } from '@unite/apm/next';
import { prometheus } from '@unite/apm/prometheus';
import { sentry } from '@unite/apm/sentry';
import { localSourceMaps } from '@unite/apm/source-maps';
import { createEventStore } from '@unite/apm/store';
import { once } from '@unite/core/once';
import { businessMetrics } from './business-metrics';
import { env } from './env';
import { prices } from './prices';
import { slos } from './slos';

const { service, sentryDsn, apmDirectory, isBuild, isDemo, metricsToken } = env;

/** The last errors of this process, for the screens under /ops. */
export const events = once('crm.events', () => createEventStore({ maxEvents: 200 }));

/** What a Prometheus reads at /metrics: with the token, and for everybody where the data is made up. */
export const metrics = once('crm.metrics', () =>
  prometheus({
    authorize: (request) =>
      isDemo || (metricsToken !== undefined && request.header('authorization') === `Bearer ${metricsToken}`),
  }),
);

/** Every error with its deployment, every request with its cost. */
export const apm = once('crm.apm', () =>
  startApm({
    service: {
      ...service,
      deployment:
        service.deployment === undefined ? undefined : { id: service.deployment, commit: service.release },
    },
    sinks: [events, metrics, ...(sentryDsn === undefined ? [] : [sentry({ dsn: sentryDsn })])],
    slos,
    prices,
    metrics: {
      ...browserMetrics,
      ...businessMetrics,
      log_lines_lost: { kind: 'counter', help: 'Writes to the log that failed, such as on a full disk' },
    },
    crash: isBuild ? false : { directory: apmDirectory },
    // Those of the server stand beside its scripts; those of the browser were moved out of the public folder.
    sourceMaps: localSourceMaps({ directories: ['.next/browser-maps'], urlPrefixes: ['/_next/static/'] }),
  }),
);

/** What pages are told of it. */
export const browserService = {
  name: service.name,
  release: service.release,
  environment: service.environment,
  deployment: service.deployment === undefined ? undefined : { id: service.deployment },
};
