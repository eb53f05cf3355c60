import { packageJest } from '../../../../jest.base.mjs';

/**
 * The cluster against a real Patroni. Opt-in: it fetches Debian packages and takes some minutes.
 *
 *     pnpm --filter @unite/db-ha suite:patroni
 */
export default packageJest({
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  globalSetup: '<rootDir>/prepare.ts',
  // Each file runs a whole Patroni cluster, and the figures are only worth something on a quiet machine.
  maxWorkers: 1,
  testTimeout: 240_000,
  verbose: true,
});
