import { packageJest } from '../../jest.base.mjs';

export default packageJest({
  // Some tests run programs, which load the package as it is published.
  globalSetup: '../../scripts/services/test/build-when-stale.mjs',
  testTimeout: 60_000,
  // Many of the tests wait for servers.
  maxWorkers: 3,
});
