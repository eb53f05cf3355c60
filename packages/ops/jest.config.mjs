import { packageJest } from '../../jest.base.mjs';

const { collectCoverageFrom = [] } = packageJest();

export default packageJest({
  globalSetup: './test/support/global-setup.mjs',
  // Most of the tests wait for servers.
  maxWorkers: 3,
  collectCoverageFrom: [
    ...collectCoverageFrom,
    // Runs as a process of its own, in test/cli/program.test.ts.
    '!src/cli/main.ts',
    // Made by scripts/build-dashboard.mjs.
    '!src/dashboard/client/assets.ts',
  ],
});
