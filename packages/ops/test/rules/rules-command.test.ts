import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { project } from '../support/project';
import { type Used, unite } from '../support/unite';

const rules = (alert: string, runbook = alert): string =>
  `groups: [{ name: a, rules: [{ record: r, expr: up }, { alert: ${alert}, expr: up, annotations: { runbook_url: "https://docs.example.com/runbooks/${runbook}.md#now" } }] }]\n`;

/** A project whose configuration has these files of rules, as JavaScript. */
function projectWith(files: string, more: Readonly<Record<string, string>> = {}): string {
  return project({
    'unite.config.ts': `export default { rules: { out: __dirname + '/out', runbooks: __dirname + '/runbooks', files: ${files} } };`,
    'runbooks/README.md': '# Runbooks',
    'runbooks/Down.md': '# Down',
    ...more,
  });
}

function configure(cwd: string, config: string): void {
  writeFileSync(join(cwd, 'unite.config.ts'), config);
}

const files = `{
  'prometheus/rules.yml': async () => ${JSON.stringify(rules('Down'))},
  'grafana/board.json': () => ({ title: 'board' }),
  'readme.txt': () => 'text',
}`;

const statuses = ({ stdout }: Used): Record<string, string> =>
  Object.fromEntries(
    JSON.parse(stdout).files.map(({ path, status }: { path: string; status: string }) => [path, status]),
  );

describe('unite rules', () => {
  test('writes what the functions make, an object as JSON, and then finds nothing to do', async () => {
    const cwd = projectWith(files);
    const first = await unite(['rules'], { cwd });
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toMatch(/^✓ written +\S*out\/prometheus\/rules\.yml\n/);
    expect(first.stdout).toMatch(/\n\npassed: files 3, alerts 1\n$/);
    expect(readFileSync(join(cwd, 'out/prometheus/rules.yml'), 'utf8')).toBe(rules('Down'));
    expect(readFileSync(join(cwd, 'out/grafana/board.json'), 'utf8')).toBe('{\n  "title": "board"\n}\n');
    // No draft is left.
    expect(readdirSync(join(cwd, 'out/prometheus'))).toEqual(['rules.yml']);

    const second = await unite(['rules', '--json'], { cwd });
    expect(JSON.parse(second.stdout)).toMatchObject({ passed: true, alerts: ['Down'], complaints: [] });
    expect(new Set(Object.values(statuses(second)))).toEqual(new Set(['unchanged']));
    expect((await unite(['rules', '--check'], { cwd })).exitCode).toBe(0);
  });

  test('with --check writes nothing, and fails for what is missing, different or left over', async () => {
    const cwd = projectWith(files);
    const none = await unite(['rules', '--check', '--json'], { cwd });
    expect({ exitCode: none.exitCode, written: existsSync(join(cwd, 'out')) }).toEqual({
      exitCode: 1,
      written: false,
    });
    expect(statuses(none)).toEqual({
      'prometheus/rules.yml': 'missing',
      'grafana/board.json': 'missing',
      'readme.txt': 'missing',
      'generated.json': 'missing',
    });

    await unite(['rules'], { cwd });
    writeFileSync(join(cwd, 'out/readme.txt'), 'changed by hand');
    writeFileSync(join(cwd, 'out/own.txt'), 'of somebody else');
    expect(statuses(await unite(['rules', '--check', '--json'], { cwd }))['readme.txt']).toBe('different');

    configure(
      cwd,
      `export default { rules: { out: __dirname + '/out', files: { 'readme.txt': () => 'text' } } };`,
    );
    const left = await unite(['rules', '--check'], { cwd });
    expect(left.exitCode).toBe(1);
    expect(left.stdout).toMatch(/^✗ left over +\S*out\/grafana\/board\.json$/m);
    expect(left.stdout).toMatch(/\nFAILED: /);

    const removed = await unite(['rules', '--json'], { cwd });
    expect(statuses(removed)).toMatchObject({ 'readme.txt': 'written', 'prometheus/rules.yml': 'removed' });
    expect(existsSync(join(cwd, 'out/prometheus/rules.yml'))).toBe(false);
    // What it did not write it does not touch.
    expect(readFileSync(join(cwd, 'out/own.txt'), 'utf8')).toBe('of somebody else');
    expect((await unite(['rules', '--check'], { cwd })).exitCode).toBe(0);
  });

  test('wants a page for every alert, and an alert for every page', async () => {
    const cwd = projectWith(
      `{
        'a.yml': () => ${JSON.stringify(rules('Down'))},
        'b.yaml': () => ${JSON.stringify(rules('Slow', 'Sluggish'))},
        'c.json': () => ({ groups: [{ rules: [{ alert: 'Mute', expr: 'up' }] }, 5] }),
        'd.yml': () => 'tests: []',
      }`,
      { 'runbooks/Orphan.md': '# Orphan', 'runbooks/picture.png': '' },
    );
    const { exitCode, stdout } = await unite(['rules', '--json'], { cwd });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      passed: false,
      alerts: ['Down', 'Mute', 'Slow'],
      complaints: [
        'Slow in b.yaml names the runbook Sluggish.md, which is not there',
        'Mute in c.json names no runbook: its annotation runbook_url',
        'the runbook Orphan.md belongs to no alert',
      ],
    });
    const text = await unite(['rules', '--check'], { cwd });
    expect(text.stdout).toContain('✗ the runbook Orphan.md belongs to no alert\n');
  });

  test('takes an address that ends in no page for none', async () => {
    const page = `{ alert: A, expr: up, annotations: { runbook_url: "https://docs.example.com/" } }`;
    const cwd = projectWith(`{ 'a.yml': () => ${JSON.stringify(`groups: [{ rules: [${page}] }]`)} }`);
    const { stdout } = await unite(['rules', '--json'], { cwd });
    expect(JSON.parse(stdout).complaints).toContain(
      'A in a.yml names no runbook: its annotation runbook_url',
    );
  });

  test('writes nothing where one file cannot be made', async () => {
    const cwd = projectWith(`{ 'a.txt': () => 'a', 'b.txt': () => { throw new Error('no data') } }`);
    const { exitCode, stderr } = await unite(['rules'], { cwd });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'unite: b.txt: no data (UNITE_OPS_RULES_UNUSABLE)\n',
    });
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  });

  test.each([
    [`() => 5`, 'a.yml: its function must make text or an object, got 5'],
    [`() => '{'`, 'a.yml: '],
    [`() => 'x'.repeat(10_000_001)`, 'a.yml: it has 10000001 characters; at most 10000000 are written'],
  ])('refuses a file that is made by %s', async (make, message) => {
    const { exitCode, stderr } = await unite(['rules'], { cwd: projectWith(`{ 'a.yml': ${make} }`) });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
  });

  test.each([
    [`{ '../a.txt': () => '' }`, 'lead nowhere else, got "../a.txt"'],
    [`{ '/tmp/a.txt': () => '' }`, 'lead nowhere else, got "/tmp/a.txt"'],
    [`{ 'a/./b': () => '' }`, 'lead nowhere else'],
    [`{ 'generated.json': () => '' }`, 'generated.json is the list of all files'],
    [`{ 'a.txt': 'text' }`, 'files["a.txt"] must be a function, got "text"'],
    ['5', 'option "files" must be an object, got 5'],
    ['undefined', 'there are no rules; say in unite.config.ts'],
    [
      `Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [index, () => '']))`,
      '1000 files at most',
    ],
  ])('takes files: %s for misuse', async (given, message) => {
    const { exitCode, stderr } = await unite(['rules'], { cwd: projectWith(given) });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  test('writes nothing through a link that leads elsewhere', async () => {
    const cwd = projectWith(`{ 'linked/deep/a.txt': () => 'a' }`);
    mkdirSync(join(cwd, 'elsewhere'));
    mkdirSync(join(cwd, 'out'));
    symlinkSync(join(cwd, 'elsewhere'), join(cwd, 'out/linked'));
    const { exitCode, stderr } = await unite(['rules'], { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/leads outside of .*out \(UNITE_OPS_RULES_UNUSABLE\)/);
    expect(readdirSync(join(cwd, 'elsewhere'))).toEqual([]);
  });

  test.each(['{', '{"files":["../secret"]}', '{"files":5}', 'null'])(
    'removes nothing by a list that is none: %s',
    async (list) => {
      const cwd = projectWith(files, { 'out/generated.json': list });
      const { exitCode, stderr } = await unite(['rules'], { cwd });
      expect(exitCode).toBe(1);
      expect(stderr).toContain('must be what unite rules writes');
    },
  );

  test('writes to the folder generated here where nothing else is said', async () => {
    const { stdout } = await unite(['rules', '--check', '--json'], {
      files: { 'unite.config.mjs': `export default { rules: { files: { 'a.txt': () => 'a' } } };` },
    });
    expect(JSON.parse(stdout).out).toBe(join(process.cwd(), 'generated'));
  });

  test('is misuse without rules, and tells of a configuration that is broken', async () => {
    const none = await unite(['rules'], { files: { 'unite.config.mjs': 'export default {};' } });
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toContain('there are no rules; say in unite.config.ts');
    const missing = await unite(['rules']);
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toMatch(/there is no unite\.config.*; say in unite\.config\.ts: export default/);
    const broken = await unite(['rules'], {
      files: { 'unite.config.mjs': 'export default { rules: { file: {} } };' },
    });
    expect(broken.exitCode).toBe(2);
    expect(broken.stderr).toContain('rules.file is unknown; known are out, runbooks, files');
  });

  test('passes on what the system says of a folder that cannot be written', async () => {
    const cwd = projectWith(`{ 'a/b.txt': () => 'a' }`, { 'out/a': 'a file' });
    const { exitCode, stderr } = await unite(['rules'], { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/ENOTDIR|EEXIST/);
  });
});
