import { packageJest } from '../../jest.base.mjs';

const { transform } = packageJest();
const [swc] = Object.values(transform);

// No coverage threshold: what the tests reach runs in the servers' processes, not in Jest's.
const { coverageThreshold: _, ...base } = packageJest({
  // Real servers and two applications, started once for all files.
  globalSetup: './test/support/global-setup.mjs',
  globalTeardown: './test/support/global-teardown.mjs',
  // What the CRM's helpers share with its scripts is ES modules, which Jest cannot require before Node 24.9.
  transform: { ...transform, '/lib/.+\\.mjs$': swc },
  // One file may freeze what another one needs.
  maxWorkers: 1,
});

export default base;
