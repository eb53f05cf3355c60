import { packageJest } from '../../jest.base.mjs';

// No coverage here: what is under test is built, packed and run in other processes.
export default packageJest({
  coverageThreshold: {},
  testTimeout: 120_000,
  globalSetup: '<rootDir>/src/pack-all.ts',
  globalTeardown: '<rootDir>/src/remove-packed.ts',
});
