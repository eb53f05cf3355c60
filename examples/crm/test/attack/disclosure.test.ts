import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { attack, reportAs } from '../support/attack/client';
import { type Person, signInAll } from '../support/attack/people';
import { attackPlans, pathOf } from '../support/attack/plan';
import { weaknesses } from '../support/attack/weaknesses';

/** What is looked for on every server. */
const files = [
  '/.env',
  '/.env.local',
  '/.env.production',
  '/.git/config',
  '/.git/HEAD',
  '/.gitignore',
  '/.next/BUILD_ID',
  '/.next/server/app-paths-manifest.json',
  '/.npmrc',
  '/.unite/keys.json',
  '/keys.json',
  '/keyring.json',
  '/package.json',
  '/pnpm-lock.yaml',
  '/server.js',
  '/next.config.ts',
  '/proxy.ts',
  '/lib/env.ts',
  '/migrations/0001_workspaces_and_people.sql',
  '/scripts/seed.mjs',
  '/_next/BUILD_ID',
  '/_next/data/build/contacts.json',
  '/_next/static/../../../package.json',
  '/_next/static/..%2f..%2f..%2fpackage.json',
  '/_next/static/%2e%2e/%2e%2e/server/middleware-manifest.json',
  '/_next/../.env',
  '/_next/static/chunks/../../../../.env',
  '/icon.svg/../.env',
  '/static/..%5c..%5c.env',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..;/..;/etc/passwd',
  '/etc/passwd',
  '/server-status',
  '/actuator/env',
  '/debug',
  '/__nextjs_original-stack-frame',
  '/__nextjs_original-stack-frames',
  '/_next/webpack-hmr',
  '/_next/mcp',
  '/graphql',
  '/swagger.json',
  '/openapi.json',
  '/wp-admin',
  '/phpinfo.php',
  '/api',
  '/api/',
  '/api/admin',
  '/api/debug',
  '/api/env',
  '/metrics/',
  '/health',
  '/health/../metrics',
  '/backup.zip',
  '/sitemap.xml',
];

reportAs('disclosure');

describe('what the application tells of itself', () => {
  let cookies: Record<Person, string>;
  beforeAll(async () => {
    cookies = await signInAll();
  });

  test('no file is served but what the build made for browsers', async () => {
    const found = await Promise.all(
      files.map(async (path) => {
        const { status, headers, text } = await attack('files', { path, cookie: cookies.owner });
        // A path with a slash too many is sent to the one without.
        const isNothing =
          [400, 401, 403, 404, 426].includes(status) ||
          (status === 308 && headers.location?.startsWith('/') === true);
        const isSecret =
          /"dependencies"|create table|DATABASE_URL|\[core\]|root:x:|primaryKey|rootKey|process\.env/.test(
            text,
          );
        return isNothing && !isSecret ? [] : [{ path, status, text: text.slice(0, 100) }];
      }),
    );
    expect(found.flat()).toEqual([]);
  });

  test('no source map is served, and none is named', async () => {
    const folder = join(__dirname, '../../.next/static/chunks');
    const chunks = readdirSync(folder).filter((name) => name.endsWith('.js'));
    expect(chunks.length).toBeGreaterThan(10);
    const found = await Promise.all(
      chunks.map(async (name) => {
        const path = `/_next/static/chunks/${name}`;
        const [script, map] = await Promise.all([
          attack('files', { path }),
          attack('files', { path: `${path}.map` }),
        ]);
        const isPlain =
          script.status === 200 &&
          map.status === 404 &&
          script.headers['x-content-type-options'] === 'nosniff';
        return isPlain && !/sourceMappingURL=|KEYRING_FILE|SESSION_SECRET|postgres:\/\//.test(script.text)
          ? []
          : [name];
      }),
    );
    expect(found.flat()).toEqual([]);
  });

  test('every answer has its headers, and no error tells how it came', async () => {
    const accepts = ['text/html', 'application/json', '*/*', 'text/markdown'];
    const found = await Promise.all(
      attackPlans.flatMap((route) =>
        accepts.flatMap((accept) =>
          ['', cookies.owner].map(async (cookie) => {
            const answer = await attack(route.template, {
              path: pathOf(route, 'none'),
              cookie,
              headers: { accept },
            });
            const { headers, status } = answer;
            const names = [
              'referrer-policy',
              'permissions-policy',
              'cross-origin-opener-policy',
              'cross-origin-resource-policy',
              'x-frame-options',
            ];
            const missing = names.filter((name) => headers[name] === undefined);
            const shown = 'x-database-node' in headers && cookie === '' ? ['x-database-node'] : [];
            return [...weaknesses(answer, route.template), ...missing, ...shown].map(
              (what) => `${route.template} ${accept} ${status}: ${what}`,
            );
          }),
        ),
      ),
    );
    expect(found.flat()).toEqual([]);
  });

  test('which servers there are is told to owners alone', async () => {
    for (const person of ['viewer', 'member', 'manager'] as const) {
      const { headers } = await attack('/api/contacts', { path: '/api/contacts', cookie: cookies[person] });
      expect(headers).not.toHaveProperty('x-database-node');
      const page = await attack('/contacts', { path: '/contacts', cookie: cookies[person] });
      expect(page.text).not.toMatch(/(replica|primary), port/);
      for (const path of ['/ops', '/ops/database', '/ops/api/database', '/ops/traces', '/ops/stream']) {
        const { text } = await attack('/ops/[[...path]]', { path, cookie: cookies[person] });
        expect(text).toMatch(/Owners see/);
        expect(text).not.toMatch(/127\.0\.0\.1:\d|replica_\d/);
      }
    }
  });

  test.each(['TRACE', 'PROPFIND', 'MKCOL', 'SEARCH', 'PURGE'])(
    '%s does nothing on any route',
    async (method) => {
      const found = await Promise.all(
        attackPlans.map(async (route) => {
          const answer = await attack(route.template, {
            method,
            path: pathOf(route, 'x'),
            cookie: cookies.owner,
            headers: { 'x-secret-echo': 'echoed' },
          }).catch(() => undefined);
          // Node knows some of the names, and ends the connection at the others.
          if (!answer) return [];
          const { status, text } = answer;
          return status < 400 || status >= 500 || text.includes('echoed')
            ? [`${route.template}: ${status}`]
            : weaknesses(answer);
        }),
      );
      expect(found.flat()).toEqual([]);
    },
  );

  test('methods that a route does not have are refused, and named', async () => {
    const found = await Promise.all(
      attackPlans.flatMap((route) =>
        route.refused.map(async (method) => {
          const answer = await attack(route.template, {
            method,
            path: pathOf(route, 'x'),
            cookie: cookies.owner,
          });
          const isRefused = answer.status === 405 && answer.headers.allow !== undefined;
          return isRefused
            ? weaknesses(answer, route.template)
            : [`${method} ${route.template}: ${answer.status}`];
        }),
      ),
    );
    expect(found.flat()).toEqual([]);
  });

  test('whether somebody exists is told to nobody who signs in', async () => {
    const answers = await Promise.all(
      ['meridian-mira', 'nobody-at-all'].map((userId) =>
        attack('/api/session', { method: 'POST', path: '/api/session', json: { userId } }),
      ),
    );
    const [known, unknown] = answers.map(({ status, text }) => ({
      status,
      ...JSON.parse(text),
      requestId: '',
      traceId: '',
    }));
    expect(known).toEqual(unknown);
  });
});
