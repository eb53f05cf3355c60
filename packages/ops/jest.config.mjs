import { packageJest } from '../../jest.base.mjs';

const { collectCoverageFrom = [] } = packageJest();

export default packageJest({
  // Most of the tests wait for servers.
  maxWorkers: 3,
  // Runs as a process of its own, in test/cli/program.test.ts.
  collectCoverageFrom: [...collectCoverageFrom, '!src/cli/main.ts'],
});
