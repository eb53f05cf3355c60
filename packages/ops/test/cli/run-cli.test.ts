import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Interruption } from '../../src/cli/interruption';
import { project } from '../support/project';
import { unite } from '../support/unite';

const withKeys = {
  'unite.config.ts': `export default { commands: [
    { name: 'keys rotate', about: 'rotate the keys', run: async () => {} },
    { name: 'keys list', about: 'list the keys', run: async () => {} },
    { name: 'audit', about: 'check everything', run: async () => {} },
  ] };`,
};
const broken = { 'unite.config.ts': 'export default {\n  verify: [[],\n};' };
const complaint = 'unite: unite.config.ts: Unexpected token at 3:1 (UNITE_OPS_CONFIG_INVALID)\n';

describe('help', () => {
  test.each([[['--help']], [['-h']], [['help']]])(
    '%j lists what there is, with the commands of the configuration',
    async (argv) => {
      const { exitCode, stdout, stderr } = await unite(argv, { files: withKeys });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      for (const line of [
        /^ {2}verify .+/m,
        /^ {2}load .+/m,
        /^ {2}keys +rotate, list$/m,
        /^ {2}audit +check everything$/m,
      ]) {
        expect(stdout).toMatch(line);
      }
    },
  );

  test.each([[['--help']], [['help']]])(
    '%j lists the built-in ones with a broken configuration, and says so',
    async (argv) => {
      const { exitCode, stdout, stderr } = await unite(argv, { files: broken });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: complaint });
      expect(stdout).toContain('verify');
    },
  );

  test('is silent where there is no configuration', async () => {
    expect(await unite(['help'])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('tells of one that was named and is not there', async () => {
    const { exitCode, stderr } = await unite(['help', '-c', 'nope.ts']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^unite: there is no file .+nope\.ts \(UNITE_OPS_CONFIG_NOT_FOUND\)\n$/);
  });

  test('knows commands of one word and of two', async () => {
    const help = async (...names: string[]) => (await unite(['help', ...names], { files: withKeys })).stdout;
    expect(await help('load')).toMatch(/^Usage: unite load \[options\] \[target\]/);
    expect(await help('keys')).toMatch(/^Usage: unite keys (.*\n)+ +rotate .*\n +list/);
    expect(await help('keys', 'rotate')).toMatch(/^Usage: unite keys rotate/);
    expect(await unite(['help', 'keys', 'nope'], { files: withKeys })).toMatchObject({
      exitCode: 2,
      stderr: 'unite: there is no command keys nope\n',
    });
  });

  test.each([[[]], [['keys']]])('%j alone is misuse that shows it', async (argv) => {
    const { exitCode, stdout, stderr } = await unite(argv, { files: withKeys });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: unite/);
    const json = await unite([...argv, '--json'], { files: withKeys });
    expect(json).toMatchObject({ exitCode: 2, stderr });
    expect(JSON.parse(json.stdout)).toEqual({ error: { message: 'which command? See unite --help' } });
  });
});

test.each([['--version'], ['-V']])('%s needs no configuration, and reads none', async (flag) => {
  const cwd = project({
    'unite.config.ts': "require('node:fs').writeFileSync(__dirname + '/was-read', ''); export default {};",
  });
  expect(await unite([flag], { cwd })).toEqual({ exitCode: 0, stdout: '1.2.3\n', stderr: '' });
  expect(existsSync(join(cwd, 'was-read'))).toBe(false);
  expect(await unite(['help'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
  expect(existsSync(join(cwd, 'was-read'))).toBe(true);
});

describe('misuse', () => {
  test.each<[string[], string]>([
    [['verfy'], "unknown command 'verfy'\n(Did you mean verify?)"],
    [['keys', 'rotat'], "unknown command 'rotat'\n(Did you mean rotate?)"],
    [['verify', '--lst'], "unknown option '--lst'\n(Did you mean --list?)"],
    [['audit', 'more'], "too many arguments for 'audit'. Expected 0 arguments but got 1."],
    [['-c'], "option '-c, --config <file>' argument missing"],
  ])('%j is explained', async (argv, message) => {
    expect(await unite(argv, { files: withKeys })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `unite: ${message}\n`,
    });
  });

  test('of a command that a configuration may have says why there is none', async () => {
    const missing = await unite(['reconcile']);
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toMatch(
      /^unite: unknown command 'reconcile'\n\(there is no unite\.config\.\S+ in \/.+\)\n$/,
    );
    expect(await unite(['reconcile'], { files: broken })).toMatchObject({
      exitCode: 2,
      stderr: `${complaint}unite: unknown command 'reconcile'\n`,
    });
  });

  test('is one document with --json', async () => {
    const { exitCode, stdout } = await unite(['--json', 'verfy']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { message: expect.stringContaining("unknown command 'verfy'") },
    });
  });
});

describe('the configuration', () => {
  const files = {
    'ops/mine.ts': `export default { commands: [{ name: 'mine', about: 'x', run: async () => ({ text: 'here' }) }] };`,
  };

  test.each([
    [['-c', 'ops/mine.ts', 'mine']],
    [['mine', '--config', 'ops/mine.ts']],
    [['mine', '--config=ops/mine.ts']],
  ])('may be named: %j', async (argv) => {
    expect(await unite(argv, { files })).toEqual({ exitCode: 0, stdout: 'here\n', stderr: '' });
  });

  test('that hangs is left at an interruption', async () => {
    const controller = new AbortController();
    const hanging = { 'unite.config.ts': 'export default () => new Promise(() => {});' };
    const running = unite(['verify', '--json'], { files: hanging, signal: controller.signal });
    controller.abort(new Interruption('SIGTERM'));
    const { exitCode, stdout, stderr } = await running;
    expect({ exitCode, stderr }).toEqual({ exitCode: 143, stderr: 'unite: interrupted by SIGTERM\n' });
    expect(JSON.parse(stdout)).toEqual({ error: { message: 'interrupted by SIGTERM', code: 'SIGTERM' } });
  });
});
