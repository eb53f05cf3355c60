import { packageJest } from '../../jest.base.mjs';

const base = packageJest();
const [swc] = Object.values(base.transform);

export default {
  ...base,
  // The plain modules that scripts/start.mjs shares are ES modules, which Jest's CommonJS cannot load as they are.
  transform: { '^.+\\.(tsx?|mjs)$': swc },
  moduleFileExtensions: ['ts', 'mjs', 'js', 'json'],
  // Some tests run the built package in a process of its own, to kill it.
  globalSetup: './test/build-when-stale.mjs',
  // Most of the tests wait for servers.
  maxWorkers: 2,
  collectCoverageFrom: ['src/**/*.{ts,mjs}', '!src/index.ts', '!src/**/{types,*-types}.ts'],
  // What is missing: macOS's `ps` in place of /proc, Docker and `apt-get install` as sources of Redis, and what
  // runs only in the processes that the tests kill. No single machine runs all of it.
  coverageThreshold: { global: { lines: 85, branches: 75 } },
};
