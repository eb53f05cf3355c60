/**
 * What the JavaScript of an entry may import, beyond files of its own package. An entry that is not listed
 * imports nothing at all, so it loads in browsers and edge runtimes as well as in Node.
 */
export const allowedImports: Readonly<Record<string, readonly string[]>> = {
  '@unite/cache': ['lru-cache', 'msgpackr', 'node:crypto', 'node:events', 'node:v8'],
  '@unite/cache/express': ['node:crypto'],
  '@unite/cache/next': ['node:crypto'],
  '@unite/cache/react': ['react'],
  '@unite/cache/redis': ['node:crypto'],
  // Starts servers and a process of its own.
  '@unite/cache/testing': [
    'node:child_process',
    'node:crypto',
    'node:events',
    'node:fs',
    'node:net',
    'node:os',
    'node:path',
    'node:timers/promises',
    'node:tls',
    'node:util',
    'node:v8',
    'redis',
  ],
  // The route template is known to Next.js alone; the import is dynamic and may fail.
  '@unite/core/next': ['next/dist/server/app-render/work-async-storage.external.js'],
  '@unite/db-ha/consistency': ['node:crypto'],
  // Headers are sent from anywhere, and belong to the request's context all the same.
  '@unite/db-ha/express': ['node:async_hooks'],
  '@unite/db-ha/patroni': ['node:net'],
  '@unite/db-ha/router': ['lru-cache', 'node:events'],
  // Starts servers: Node.js with all it has.
  '@unite/db-ha/testing': [
    'node:child_process',
    'node:crypto',
    'node:events',
    'node:fs',
    'node:fs/promises',
    'node:module',
    'node:net',
    'node:os',
    'node:path',
    'node:timers/promises',
    'pg',
  ],
  '@unite/ops/checks': ['node:crypto', 'node:fs/promises', 'node:perf_hooks', 'node:v8'],
  // The compiler, only when a configuration is read.
  '@unite/ops/config': ['jiti', 'node:fs', 'node:path'],
  '@unite/ops/load': ['node:crypto', 'node:perf_hooks', 'undici'],
  '@unite/ops/verify': [
    'node:crypto',
    'node:http',
    'node:https',
    'node:net',
    'node:timers/promises',
    'node:tls',
  ],
  '@unite/quota': ['ipaddr.js', 'lru-cache', 'node:crypto', 'node:net', 'structured-headers'],
  '@unite/quota/express': ['node:events', 'structured-headers'],
  '@unite/quota/key': ['ipaddr.js', 'node:crypto', 'node:net'],
  '@unite/quota/next': ['structured-headers'],
  '@unite/quota/redis': ['node:crypto', 'node:timers/promises'],
  '@unite/quota/testing': ['node:crypto', 'node:timers/promises', 'node:util'],
};

/** Where the code of a package may come from: what its build inlines besides its own `src/`. */
export const inlinedSources: readonly string[] = [
  'src/',
  '../shared/src/',
  '../core/dist/',
  '../../scripts/services/dist/',
  // ES modules alone: Jest could not require them before Node 24.9. Their licence is in that of `@unite/quota`.
  '../../node_modules/.pnpm/temporal-',
];
