import { packageJest } from '../../../../jest.base.mjs';

/**
 * The cluster under real faults and load. `test/faults` runs a short form of the same scenarios; this is the
 * long one, whose length the environment sets.
 *
 *     pnpm --filter @unite/db-ha suite:faults [failover|replicas|read-your-writes|soak]
 */
export default packageJest({
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  // The figures are only worth something on a quiet machine.
  maxWorkers: 1,
  testTimeout: 3_600_000,
  verbose: true,
});
