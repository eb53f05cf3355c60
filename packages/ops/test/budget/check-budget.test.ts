import { mkdirSync, readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { checkBudget, crossCheckTransfers } from '../../src/budget';
import {
  changedReport,
  grownReport,
  makeOld,
  recordedApp,
  recordedBuild,
  reportFile,
} from './support/recorded-app';

const chunk = (name: string) => `.next/static/chunks/${name}.js`;
const heavy = chunk('1riq2w8vdmb3l');
const runtime = chunk('turbopack-0zq_vp9s-5ndp');

const reportOf = async (app: string, route: string) =>
  (await checkBudget({ app })).routes.find((one) => one.route === route);

describe('what pages load first', () => {
  test('is what their chunks weigh, each for itself', async () => {
    const { kept, buildId, routes, problems, notes } = await checkBudget({ app: recordedApp() });
    expect({ kept, buildId, problems, notes }).toEqual({
      kept: true,
      buildId: recordedBuild['.next/BUILD_ID'],
      problems: [],
      notes: [],
    });
    // The route /api/ping of the Pages Router, which the build's report has as well, is no page.
    expect(routes.map(({ route }) => route)).toEqual(['/heavy', '/', '/items/[id]', '/_not-found', '/about']);
    const codes = [heavy, runtime].map((path) => Buffer.from(recordedBuild[path] ?? ''));
    const sum = (weigh: (code: Buffer) => Buffer) => codes.reduce((all, code) => all + weigh(code).length, 0);
    expect(routes[0]).toEqual({
      route: '/heavy',
      kept: true,
      bytes: {
        raw: sum((code) => code),
        gzip: sum((code) => gzipSync(code)),
        brotli: sum((code) => brotliCompressSync(code)),
      },
      limits: { raw: 20_000, gzip: 10_000 },
      breaches: [],
      modules: [],
    });
  });

  test('is over its budget by these modules, imported by those', async () => {
    const app = recordedApp({
      'budgets.json': '{ "default": { "gzipKb": 100 }, "routes": { "/heavy": { "rawKb": 12.5 } } }',
    });
    const { kept, routes, notes } = await checkBudget({ app });
    expect({ kept, notes, broken: routes.filter((one) => !one.kept).map(({ route }) => route) }).toEqual({
      kept: false,
      notes: [],
      broken: ['/heavy'],
    });
    const [{ bytes, limits, breaches, modules } = fail()] = routes;
    expect({ limits, breaches }).toEqual({
      limits: { raw: 12_500, gzip: 100_000 },
      breaches: [{ kind: 'over', encoding: 'raw', bytes: bytes.raw, allowedBytes: 12_500 }],
    });
    const chain = ['app/heavy/page.jsx', 'lib/vitals.jsx', 'lib/report.js'];
    expect(modules.map(({ name, importedBy }) => [name, importedBy])).toEqual([
      ['(bundler)', undefined],
      ['web-vitals', [...chain, 'web-vitals']],
      ['lib/vitals.jsx', chain.slice(0, 2)],
      ['lib/report.js', chain],
    ]);
    expect(modules.reduce((sum, { rawBytes }) => sum + rawBytes, 0)).toBe(bytes.raw);
  });

  test('has a budget of its own, of the nearest pattern, and of all', async () => {
    const app = recordedApp({
      'budgets.json': JSON.stringify({
        default: { rawKb: 30 },
        routes: {
          '/*': { rawKb: 40, gzipKb: 20 },
          '/items/*': { gzipKb: 21 },
          '/items/[id]': { brotliKb: 22 },
        },
      }),
    });
    const { kept, routes } = await checkBudget({ app });
    expect(kept).toBe(true);
    const limits = Object.fromEntries(routes.map((one) => [one.route, one.limits]));
    expect(limits['/items/[id]']).toEqual({ raw: 40_000, gzip: 21_000, brotli: 22_000 });
    expect(limits['/about']).toEqual({ raw: 40_000, gzip: 20_000 });
  });

  test.each([
    [
      { default: { rawKb: 20 }, routes: { '/gone': { rawKb: 9 } } },
      'the budget of /gone watches nothing: the build has no such route',
    ],
    [
      { default: { rawKb: 20 }, routes: { '/about/*': { rawKb: 9 } } },
      'the budget of /about/* watches nothing: the build has no such route',
    ],
    [{ routes: { '/*': { rawKb: 20 }, '/about': {} }, default: {} }, undefined],
    [
      {
        routes: {
          '/items/*': { rawKb: 20 },
          '/': { rawKb: 20 },
          '/heavy': { rawKb: 20 },
          '/about': { rawKb: 20 },
        },
      },
      '/_not-found has no budget: name it in "routes", or say a "default"',
    ],
  ])('is watched by budgets that are not blind: %j', async (budgets, problem) => {
    const { kept, problems } = await checkBudget({
      app: recordedApp({ 'budgets.json': JSON.stringify(budgets) }),
    });
    expect({ kept, problems }).toEqual({ kept: problem === undefined, problems: problem ? [problem] : [] });
  });
});

describe('growth', () => {
  const budgets = (growth: object) => JSON.stringify({ default: { rawKb: 20 }, growth });

  test('beyond what is allowed is named with what grew, and a new baseline accepts it', async () => {
    const app = recordedApp({ 'budgets.json': budgets({ rawKb: 5, gzipKb: 0 }) });
    expect(await checkBudget({ app, updateBaseline: true })).toMatchObject({ kept: true, notes: [] });
    const before = await reportOf(app, '/');
    expect(before).toMatchObject({ kept: true, grown: { raw: 0, gzip: 0, brotli: 0 } });

    writeFileSync(join(app, reportFile), grownReport()[reportFile] ?? '');
    const after = await reportOf(app, '/');
    const grown = (after?.bytes.raw ?? 0) - (before?.bytes.raw ?? 0);
    expect(after).toMatchObject({
      kept: false,
      breaches: [
        { kind: 'grown', encoding: 'raw', bytes: grown, allowedBytes: 5_000 },
        { kind: 'grown', encoding: 'gzip', allowedBytes: 0 },
      ],
      modules: [{ name: 'web-vitals' }, { name: 'lib/vitals.jsx' }, { name: 'lib/report.js' }],
    });
    // The button that went makes up for a part of it.
    const named = after?.modules.map(({ grownBytes = 0, rawBytes }) => [grownBytes, rawBytes]) ?? [];
    expect(named.every(([more, all]) => more === all)).toBe(true);

    expect(await checkBudget({ app, updateBaseline: true })).toMatchObject({ kept: true });
  });

  test('is read from a file that changes only where sizes do', async () => {
    const app = recordedApp();
    await checkBudget({ app, updateBaseline: true });
    const text = readFileSync(join(app, 'budget-baseline.json'), 'utf8');
    expect(Object.keys(JSON.parse(text))).toEqual(['/', '/_not-found', '/about', '/heavy', '/items/[id]']);
    expect(Object.keys(JSON.parse(text)['/heavy'].modules)).toEqual([
      '(bundler)',
      'lib/report.js',
      'lib/vitals.jsx',
      'web-vitals',
    ]);
    await checkBudget({ app, updateBaseline: true });
    expect(readFileSync(join(app, 'budget-baseline.json'), 'utf8')).toBe(text);
  });

  test('of a route that is not in the baseline is not known, and said', async () => {
    const app = recordedApp({ 'budgets.json': budgets({ rawKb: 0 }), 'budget-baseline.json': '{}' });
    const { kept, routes, notes } = await checkBudget({ app });
    expect({ kept, grown: routes[0]?.grown, notes: notes.length }).toEqual({
      kept: true,
      grown: undefined,
      notes: 5,
    });
    expect(notes[0]).toBe('/heavy is not in the baseline: nothing says whether it has grown');
  });

  test.each([
    [undefined, 'UNITE_OPS_CONFIG_NOT_FOUND', 'write it by unite budget --update-baseline'],
    ['[]', 'UNITE_OPS_CONFIG_INVALID', 'it must be what unite budget --update-baseline writes, got an array'],
    [
      '{ "/": { "raw": 1 } }',
      'UNITE_OPS_CONFIG_INVALID',
      '["/"] must be whole numbers raw, gzip, brotli and modules by name',
    ],
    [
      '{ "/": { "raw": 1, "gzip": 1, "brotli": 1, "modules": { "a": "1" } } }',
      'UNITE_OPS_CONFIG_INVALID',
      '["/"] must be',
    ],
  ])('is not compared with a baseline that is none: %s', async (baseline, code, message) => {
    const app = recordedApp({ 'budgets.json': budgets({ rawKb: 0 }), 'budget-baseline.json': baseline });
    await expect(checkBudget({ app })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});

describe('modules', () => {
  const tight = { 'budgets.json': '{ "default": { "rawKb": 10.1 } }' };

  test('are found by maps that were moved away', async () => {
    const app = recordedApp(tight);
    const chunks = join(app, '.next/static/chunks');
    mkdirSync(join(app, 'maps/chunks'), { recursive: true });
    for (const name of readdirSync(chunks).filter((one) => one.endsWith('.js'))) {
      const [code = '', map = ''] = readFileSync(join(chunks, name), 'utf8').split('\n//# sourceMappingURL=');
      writeFileSync(join(chunks, name), code);
      renameSync(join(chunks, map.trim()), join(app, 'maps/chunks', `${name}.map`));
    }
    const { routes } = await checkBudget({ app, maps: join(app, 'maps') });
    expect(routes[0]?.modules.map(({ name }) => name)).toContain('web-vitals');
    const without = (await checkBudget({ app })).routes[0]?.modules.map(({ name }) => name);
    expect(without).toEqual([runtime, heavy].map((path) => `${path.replace('.next/', '')} (no source map)`));
  });

  test.each(['no map', '{ "version": 3, "sources": [], "mappings": "!" }'])(
    'are not told by %s',
    async (map) => {
      const name = /sourceMappingURL=(\S+)/.exec(recordedBuild[heavy] ?? '')?.[1];
      const app = recordedApp({ ...tight, [`.next/static/chunks/${name}`]: map });
      const modules = (await checkBudget({ app })).routes[0]?.modules.map((one) => one.name);
      expect(modules).toContain(`${heavy.replace('.next/', '')} (no source map)`);
    },
  );

  test.each([
    ['', /^who imports what is not known without .+: run next analyze --output, and next analyze export > /],
    ['{"type":"meta","schema_version":2}\n', /is not what next analyze export writes, and was not used$/],
    ['{"type":"meta"', /is not what next analyze export writes/],
    ['{"type":"meta","schema_version":1}\n', /is not what next analyze export writes/],
  ])('have no chains by a graph that is %j', async (graph, note) => {
    const { routes, notes } = await checkBudget({
      app: recordedApp({ ...tight, '.next/analyze.jsonl': graph || undefined }),
    });
    expect(notes).toEqual([expect.stringMatching(note)]);
    expect(routes[0]?.modules[0]).not.toHaveProperty('importedBy');
  });

  test('have no chains by a graph that is older than the build', async () => {
    const app = recordedApp(tight);
    makeOld(app, '.next/analyze.jsonl');
    const { notes } = await checkBudget({ app });
    expect(notes).toEqual([
      expect.stringMatching(/analyze\.jsonl is older than the build and was not used$/),
    ]);
  });
});

describe('a build that cannot be weighed', () => {
  const manifest = '.next/build-manifest.json';
  const webpack = JSON.stringify({ pages: {}, rootMainFiles: ['static/chunks/webpack-40e0079e963f892a.js'] });

  test.each([
    [
      'has no BUILD_ID',
      { '.next/BUILD_ID': undefined },
      /there is no build in .+: it has no BUILD_ID\. Run next build first$/,
    ],
    [
      'has no report',
      { [reportFile]: undefined },
      /route-bundle-stats\.json is missing\. Next\.js writes it since 16/,
    ],
    [
      'is of webpack',
      { [reportFile]: undefined, [manifest]: webpack },
      /webpack made this build.+Build without --webpack$/,
    ],
    ['has no manifest', { [manifest]: undefined }, /build-manifest\.json is missing\. Build again$/],
    [
      'has a report that is no JSON',
      { [reportFile]: '[' },
      /route-bundle-stats\.json is no JSON\. Build again$/,
    ],
    [
      'has a report of another form',
      { [reportFile]: '[{ "route": 1 }]' },
      /has a form that is not known here/,
    ],
    ['has a report that is no list', { [reportFile]: '{}' }, /has a form that is not known here/],
    [
      'has a manifest of another form',
      { [manifest]: '{}' },
      /build-manifest\.json has a form that is not known/,
    ],
    [
      'has a list of routes of another form',
      { '.next/app-path-routes-manifest.json': '{ "/page": 1 }' },
      /has a form/,
    ],
    ['has a report without routes', { [reportFile]: '[]' }, /names no route of this build/],
    [
      'has lost a chunk',
      { [heavy]: undefined },
      /1riq2w8vdmb3l\.js is named by the build and not there\. Build again$/,
    ],
    [
      'has other chunks',
      { [heavy]: '0' },
      /the chunks of \/heavy have 10018 bytes, and the build counted 15593/,
    ],
    [
      'has a report without a page',
      changedReport((rows) => rows.shift()),
      /is of another build: it has no \/heavy\. Build again$/,
    ],
    [
      'has a report with other chunks of all pages',
      changedReport((_, row) => Object.assign(row('/'), { firstLoadChunkPaths: [heavy] })),
      /is of another build: \/ loads no static\/chunks\/turbopack-.+ there\. Build again$/,
    ],
    [
      'has a report with other chunks of a page of the Pages Router',
      changedReport((_, row) => Object.assign(row('/about'), { firstLoadChunkPaths: [heavy] })),
      /is of another build: \/about loads no static\/chunks\//,
    ],
    [
      'names files that are not its own',
      changedReport((_, row) => row('/').firstLoadChunkPaths.push('../secret.js')),
      /the report of \/ names .+secret\.js, which is not in /,
    ],
  ])('%s', async (_, files, message) => {
    await expect(checkBudget({ app: recordedApp(files) })).rejects.toMatchObject({
      code: 'UNITE_OPS_BUILD_UNREADABLE',
      message: expect.stringMatching(message),
    });
  });

  test('has a report that is older than itself', async () => {
    const app = recordedApp();
    makeOld(app, reportFile);
    await expect(checkBudget({ app })).rejects.toMatchObject({
      code: 'UNITE_OPS_BUILD_UNREADABLE',
      message: expect.stringMatching(/is older than the build, so it is of another one\. Build again$/),
    });
  });

  test('has a file that is too large, or is a folder', async () => {
    const app = recordedApp();
    truncateSync(join(app, reportFile), 300_000_000);
    await expect(checkBudget({ app })).rejects.toThrow(/has 300000000 bytes; at most 256000000 are read$/);
    await expect(checkBudget({ app, budgets: app })).rejects.toMatchObject({ code: 'EISDIR' });
  });

  test('of the Pages Router alone is weighed', async () => {
    const pages = changedReport((rows) => rows.splice(0, rows.length - 2));
    const app = recordedApp({ ...pages, '.next/app-path-routes-manifest.json': undefined });
    const { kept, routes } = await checkBudget({ app });
    expect({ kept, routes: routes.map(({ route }) => route) }).toEqual({ kept: true, routes: ['/about'] });
  });
});

describe('budgets.json', () => {
  test.each([
    [undefined, 'UNITE_OPS_CONFIG_NOT_FOUND', 'write one, such as { "default": { "gzipKb": 180 } }'],
    ['{', 'UNITE_OPS_CONFIG_INVALID', 'budgets.json is no JSON: '],
    ['[]', 'UNITE_OPS_CONFIG_INVALID', 'it must be an object of default, routes, growth, got an array'],
    [
      '{ "routs": {} }',
      'UNITE_OPS_CONFIG_INVALID',
      'it must be an object of default, routes, growth; it has "routs"',
    ],
    [
      '{ "default": 180 }',
      'UNITE_OPS_CONFIG_INVALID',
      'default must be an object of rawKb, gzipKb, brotliKb, got 180',
    ],
    [
      '{ "default": { "gzip": 1 } }',
      'UNITE_OPS_CONFIG_INVALID',
      'default must be an object of rawKb, gzipKb, brotliKb; it has "gzip"',
    ],
    [
      '{ "default": { "gzipKb": "180" } }',
      'UNITE_OPS_CONFIG_INVALID',
      'default.gzipKb must be a positive number of kilobytes, got "180"',
    ],
    [
      '{ "routes": { "heavy": {} } }',
      'UNITE_OPS_CONFIG_INVALID',
      'routes["heavy"] must be named by a path that begins with /',
    ],
    [
      '{ "routes": { "/": { "rawKb": 0 } } }',
      'UNITE_OPS_CONFIG_INVALID',
      'routes["/"].rawKb must be a positive number of kilobytes, got 0',
    ],
    [
      '{ "growth": { "rawKb": -1 } }',
      'UNITE_OPS_CONFIG_INVALID',
      'growth.rawKb must be a positive number of kilobytes, got -1',
    ],
  ])('names what is wrong: %s', async (text, code, message) => {
    const app = recordedApp({ 'budgets.json': text });
    await expect(checkBudget({ app })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});

describe('what a browser transferred', () => {
  const checked = (measured: string, tolerancePercent?: number) => {
    const app = recordedApp({ 'measured.json': measured });
    return checkBudget({ app, measured: join(app, 'measured.json'), tolerancePercent });
  };

  test('is as far from the report as is tolerated, and no farther', async () => {
    const { routes } = await checkBudget({ app: recordedApp() });
    const bytes = routes[0]?.bytes.gzip ?? 0;
    const measured = (factor: number) =>
      JSON.stringify({ encoding: 'gzip', routes: { '/heavy': bytes * factor } });
    expect(await checked(measured(1.04))).toMatchObject({ kept: true });
    expect(await checked(measured(1.06), 10)).toMatchObject({ kept: true });
    for (const factor of [1.06, 0.94]) {
      const report = await checked(measured(factor));
      expect(report.routes.filter(({ kept }) => !kept).map((one) => [one.route, one.breaches])).toEqual([
        ['/heavy', [{ kind: 'measured', encoding: 'gzip', bytes: bytes * factor, allowedBytes: bytes }]],
      ]);
    }
  });

  test('for a route that the build does not have is said', async () => {
    const { kept, problems } = await checked('{ "encoding": "raw", "routes": { "/gone": 1 } }');
    expect({ kept, problems }).toEqual({
      kept: false,
      problems: ['/gone was measured, and the build has no such route'],
    });
  });

  test.each([
    ['{}', 'encoding must be "raw", "gzip" or "brotli", got undefined'],
    ['{ "encoding": "gzip" }', 'routes must be bytes by route, got undefined'],
    ['{ "encoding": "gzip", "routes": { "/": 0 } }', 'routes["/"] must be a positive number, got 0'],
  ])('has a form: %s', async (text, message) => {
    await expect(checked(text)).rejects.toMatchObject({
      code: 'UNITE_OPS_CONFIG_INVALID',
      message: expect.stringContaining(message),
    });
  });

  test('may be compared without a build', () => {
    const bytes = { raw: 100, gzip: 50, brotli: 40 };
    const measured = { encoding: 'brotli', routes: { '/': 43 } } as const;
    expect(crossCheckTransfers('/', bytes, measured, 5)).toHaveLength(1);
    expect(crossCheckTransfers('/', bytes, measured, 10)).toEqual([]);
    expect(crossCheckTransfers('/other', bytes, measured, 5)).toEqual([]);
  });
});

test.each([
  [{ ap: '.' }, 'checkBudget: unknown option "ap"'],
  [{ app: '' }, 'checkBudget: option "app" must be a non-empty string, got ""'],
  [
    { tolerancePercent: 101 },
    'checkBudget: option "tolerancePercent" must be a number from 0 to 100, got 101',
  ],
])('options that are none are refused: %j', async (options, message) => {
  await expect(checkBudget(options as object)).rejects.toThrow(message);
});

test('without options, the application is where the process runs', async () => {
  await expect(checkBudget()).rejects.toThrow(join(process.cwd(), 'budgets.json'));
});

function fail(): never {
  throw new Error('there is none');
}
