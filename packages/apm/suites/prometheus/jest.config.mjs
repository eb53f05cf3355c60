import { packageJest } from '../../../../jest.base.mjs';

/**
 * What is generated and scraped against a real Prometheus and Alertmanager, in the long form: more requests, and
 * promtool's tests of many objectives. `test/prometheus/real-prometheus.test.ts` runs the same scenarios shortly.
 *
 *     pnpm --filter @unite/apm suite:prometheus
 */
export default packageJest({
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  maxWorkers: 1,
  testTimeout: 300_000,
  verbose: true,
});
