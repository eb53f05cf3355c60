import { packageJest } from '../../jest.base.mjs';

// No coverage here: what is under test is built, packed and run in other processes.
export default packageJest({
  coverageThreshold: {},
  // Others go first.
  testTimeout: 600_000,
  // They install and build in folders of their own, and wait for the registry.
  maxWorkers: 2,
  globalSetup: '<rootDir>/src/pack-all.ts',
  globalTeardown: '<rootDir>/src/remove-packed.ts',
});
