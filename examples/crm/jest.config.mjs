import { packageJest } from '../../jest.base.mjs';

const onMain = [
  'browser',
  'conditions',
  'cache-browser',
  'tracing',
  'apm',
  'problems',
  'ops',
  'tenancy',
  'campaigns',
  'shell',
  'custom-fields',
  'import',
  'budget',
  'delivery',
];
const onQuota = [
  'quota-browser',
  'tracing-browser',
  'quota',
  'tls',
  'crypto',
  'guessing',
  'scoring',
  'flags',
];
const onAttack = [
  'identity',
  'foreign-ids',
  'cross-site',
  'injection',
  'scripts',
  'elsewhere',
  'login',
  'disclosure',
  'denial',
];

/** Hold back or end servers that all of those above use; and imports, which add many rows at once. */
const onTheirServers = ['cache', 'contacts', 'failures', 'shutdown', 'import-browser'];

/** Kill those of their own; at the end a replica takes over from the primary, and what is promoted stays so. */
const onDrill = ['walk', 'failover'];

const { transform } = packageJest();
const [swc] = Object.values(transform);

const { coverageThreshold: _, ...base } = packageJest({
  // Real servers, a production build and a browser, started once for all files.
  globalSetup: './test/support/global-setup.mjs',
  globalTeardown: './test/support/global-teardown.mjs',
  // What scripts and the application share is ES modules, which Jest cannot require before Node 24.9.
  transform: { ...transform, '/lib/.+\\.mjs$': swc },
  // The build holds a copy of package.json.
  modulePathIgnorePatterns: ['<rootDir>/.next'],
  // Files of a row share an application and its database, and would see each other's rows. In no row is what is timed.
  runner: [
    './test/support/rows-runner.mjs',
    {
      phases: [
        [onMain, onQuota, onAttack],
        [onTheirServers, onDrill],
      ],
    },
  ],
  // Of each row.
  maxWorkers: 1,
});

// No coverage threshold: what the tests reach runs in the server's process, not in Jest's.
export default base;
