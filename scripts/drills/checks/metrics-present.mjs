import { verdict } from '../scene/verdict.mjs';

const technical = [
  'http_server_request_duration_seconds_bucket',
  'apm_errors_total',
  'db_query_duration_seconds_bucket',
  'db_pool_connections',
  'cache_reads_total',
  'quota_decisions_total',
  'crypto_values_total',
  'nodejs_eventloop_lag_p99_seconds',
  'process_resident_memory_bytes',
  'cost_usd_total',
];
const made = 5;

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const metricsPresent = {
  name: 'metrics',
  about: 'The metrics of each part are told, and those of the business count what people did.',
  async run({ ask, metrics }, { score, signal }) {
    const missingNow = () => technical.filter((name) => !metrics.names.has(name));
    // A process looks at itself every ten seconds.
    await metrics.until(() => missingNow().length === 0, signal);
    const missing = missingNow();
    score(
      verdict(
        'metrics are present',
        missing.length === 0,
        missing.length === 0 ? `${metrics.names.size} names` : `without ${missing.join(', ')}`,
        { names: metrics.names.size, missing: missing.length },
      ),
    );
    // On a plan that nobody else uses meanwhile.
    const counted = () => metrics.sum('contacts_created_total', { plan: 'pro' });
    const before = counted();
    for (let index = 0; index < made; index += 1) {
      const json = { email: `${crypto.randomUUID()}@metrics.example` };
      await ask('/api/contacts', { method: 'POST', json, workspace: 'harbour' });
    }
    await metrics.until(() => counted() - before >= made, signal);
    const rise = counted() - before;
    score(
      verdict('business metrics count what people did', rise === made, `${rise} of ${made} new contacts`, {
        made,
        rise,
      }),
    );
  },
};
