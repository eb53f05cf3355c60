import { startApm } from '@unite/apm';
import { prometheus } from '@unite/apm/prometheus';
import { sentry } from '@unite/apm/sentry';
import { slo } from '@unite/apm/slo';
import { env } from '../../crm/lib/env';
import { prices } from '../../crm/lib/prices';
import { service } from './service';

const { deployment, release } = service;

/** What a Prometheus reads at /metrics: with the token, and for everybody where the data is made up. */
export const metrics = prometheus({
  authorize: ({ header }) =>
    env.isDemo ||
    (env.metricsToken !== undefined && header('authorization') === `Bearer ${env.metricsToken}`),
});

/** Every error, and every request with its cost. What is promised here is stricter than what the pages promise. */
export const apm = startApm({
  service: {
    ...service,
    deployment: deployment === undefined ? undefined : { id: deployment, commit: release },
  },
  sinks: env.sentryDsn === undefined ? [metrics] : [metrics, sentry({ dsn: env.sentryDsn })],
  slos: [slo('api-latency', { target: 0.99, underMs: 50 }), slo('api-errors', { target: 0.999 })],
  prices,
  metrics: {
    contacts_created: { kind: 'counter', help: 'Contacts that programs made', labels: ['plan'] },
  },
  crash: { directory: env.apmDirectory },
});
