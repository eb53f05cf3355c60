import { packageJest } from '../../jest.base.mjs';

export default packageJest({
  // Most of the tests wait for servers: two at a time, also where there are two cores.
  maxWorkers: 2,
});
