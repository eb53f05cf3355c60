import { packageJest } from '../../jest.base.mjs';

// No coverage here: what is under test is read by other programs.
export default packageJest({ coverageThreshold: {} });
