import { packageJest } from '../../jest.base.mjs';

const { coverageThreshold: _, ...base } = packageJest({
  // Real servers, a production build and a browser, started once for all files.
  globalSetup: './test/support/global-setup.mjs',
  globalTeardown: './test/support/global-teardown.mjs',
  // The build holds a copy of package.json.
  modulePathIgnorePatterns: ['<rootDir>/.next'],
  testTimeout: 60_000,
  // One application and one database are shared; two files at a time would see each other's rows.
  maxWorkers: 1,
});

// No coverage threshold: what the tests reach runs in the server's process, not in Jest's.
export default base;
