import { packageJest } from '../../jest.base.mjs';

export default packageJest({
  testTimeout: 60_000,
  // Most of the tests wait for servers: two at a time, also where there are two cores.
  maxWorkers: 2,
});
