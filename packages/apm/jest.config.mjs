import { packageJest } from '../../jest.base.mjs';

export default packageJest({
  globalSetup: './test/support/global-setup.mjs',
  testTimeout: 60_000,
  // Many of the tests wait for servers.
  maxWorkers: 3,
});
