import { packageJest } from '../../jest.base.mjs';

export default packageJest({
  globalSetup: './test/support/global-setup.mjs',
  // Many of the tests wait for servers.
  maxWorkers: 3,
});
