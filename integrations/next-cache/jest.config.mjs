import { packageJest } from '../../jest.base.mjs';

// No coverage here: the code under test runs in other processes, inside Next's build.
export default packageJest({ coverageThreshold: {}, maxWorkers: 1 });
