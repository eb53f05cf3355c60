import { packageJest } from '../../jest.base.mjs';

export default packageJest({
  testTimeout: 60_000,
  // Many of the tests wait for servers.
  maxWorkers: 3,
});
