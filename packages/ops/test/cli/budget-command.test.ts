import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { recordedApp, reportFile } from '../budget/support/recorded-app';
import { unite } from '../support/unite';

describe('pages', () => {
  test('within their budgets are 0, without any configuration', async () => {
    const app = recordedApp();
    const { exitCode, stdout, stderr } = await unite(['budget', '--app', app]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^✓ kept {2}\/heavy +15\.6 {2}20\.0 +\d+\.\d {2}10\.0 +\d+\.\d +- +-$/m);
    expect(stdout).toMatch(/\n\nkept: every route is within its budget\n$/);
  });

  test('that are over, grown, blind or not what was transferred are 1', async () => {
    const app = recordedApp({
      'tight.json': JSON.stringify({
        default: { rawKb: 12.5 },
        routes: { '/gone': { rawKb: 1 } },
        growth: { gzipKb: 0 },
      }),
      'old.json': JSON.stringify({
        '/heavy': { raw: 15_000, gzip: 1_000, brotli: 16_000, modules: { 'web-vitals': 5_000 } },
      }),
      'measured.json': '{ "encoding": "brotli", "routes": { "/": 1 } }',
    });
    const { exitCode, stdout } = await unite([
      'budget',
      ...[
        '--app',
        app,
        '--dist',
        join(app, '.next'),
        '--maps',
        app,
        '--graph',
        join(app, '.next/analyze.jsonl'),
      ],
      ...['--budgets', join(app, 'tight.json'), '--baseline', join(app, 'old.json')],
      ...['--measured', join(app, 'measured.json'), '--tolerance', '2.5%'],
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('✗ /heavy is over its budget: 15.6 kB raw of 12.5 (+3.1)\n');
    expect(stdout).toMatch(/✗ \/heavy has grown by \d\.\d kB gzip since the baseline; 0\.0 are allowed\n/);
    expect(stdout).toContain(
      'web-vitals  +0.2 to 5.2 kB raw\n      by app/heavy/page.jsx → lib/vitals.jsx → lib/report.js → web-vitals\n',
    );
    expect(stdout).toMatch(
      /✗ \/ is not what a browser loads: it transferred 0\.0 kB brotli, the report says \d\.\d \(−\d\.\d\)\n/,
    );
    expect(stdout).toContain('BLIND: the budget of /gone watches nothing');
    expect(stdout).toContain('note: /about is not in the baseline');
    expect(stdout).toMatch(/BROKEN: 2 routes are not within bounds, 1 budget is blind\n$/);
  });

  test('are one document for programs', async () => {
    const { exitCode, stdout } = await unite(['budget', '--app', recordedApp(), '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kept: true, uncaught: [], routes: expect.any(Array) });
  });

  test('have a baseline when one was asked for', async () => {
    const app = recordedApp();
    const { exitCode } = await unite(['budget', '--app', app, '--update-baseline']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(readFileSync(join(app, 'budget-baseline.json'), 'utf8'))).toHaveProperty(
      ['/heavy', 'raw'],
      15_593,
    );
  });

  test('of one route and of two budgets are counted in words', async () => {
    const app = recordedApp({
      'budgets.json': JSON.stringify({
        routes: { '/*': { rawKb: 12.5 }, '/a': { rawKb: 1 }, '/b': { rawKb: 1 } },
      }),
    });
    const { stdout } = await unite(['budget', '--app', app]);
    expect(stdout).toMatch(/BROKEN: 1 route is not within bounds, 2 budgets are blind\n$/);
  });
});

describe('the configuration', () => {
  const config = (app: string) => `export default { budget: { app: ${JSON.stringify(app)} } };`;

  test('says which application, where the command line does not', async () => {
    const files = { 'unite.config.ts': config(recordedApp()) };
    expect(await unite(['budget'], { files })).toMatchObject({ exitCode: 0 });
  });

  test('does not stand in the way of an application that was named', async () => {
    const files = { 'unite.config.ts': 'export default { verify: 1 };' };
    const { exitCode, stderr } = await unite(['budget', '--app', recordedApp()], { files });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('verify must be a list');
    expect(await unite(['budget'], { files })).toMatchObject({ exitCode: 2 });
    expect(await unite(['budget', '--config', 'gone.ts', '--app', recordedApp()])).toMatchObject({
      exitCode: 2,
    });
  });

  test('is refused with what it got', async () => {
    const unknown = { 'unite.config.ts': 'export default { budget: { apps: 1 } };' };
    expect((await unite(['budget'], { files: unknown })).stderr).toContain('budget.apps is unknown');
    const files = { 'unite.config.ts': 'export default { budget: { app: 1 } };' };
    const { exitCode, stderr } = await unite(['budget'], { files });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('option "app" must be a non-empty string, got 1');
  });
});

test.each([
  [['--tolerance', 'much'], 'It must be a number from 0 to 100'],
  [['--tolerance', '101'], 'It must be a number from 0 to 100'],
  [['--budgets', 'gone.json'], 'there is no file'],
  [['--bundle'], 'unknown option'],
])('misuse is 2: %j', async (argv, message) => {
  const { exitCode, stderr } = await unite(['budget', '--app', recordedApp(), ...argv]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});

test('a build that cannot be weighed is 1, and says so to programs', async () => {
  const app = recordedApp({ [reportFile]: undefined });
  const { exitCode, stdout } = await unite(['budget', '--app', app, '--json']);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'UNITE_OPS_BUILD_UNREADABLE' } });
});
