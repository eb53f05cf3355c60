import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config';
import { OpsError } from '../../src/errors';
import { project } from '../support/project';

const source = join(__dirname, '../../src/config/index.ts');
const verifier = "{ name: 'one', about: 'proves it', run: async () => [] }";

/** What loading says is wrong. */
async function fault(files: Readonly<Record<string, string>>, file?: string): Promise<OpsError> {
  const error = await loadConfig({ cwd: project(files), file }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!OpsError.isInstance(error)) throw new Error('it was loaded');
  return error;
}

describe('what it loads', () => {
  test.each([
    ['unite.config.ts', `const count: number = 1; export default { load: { users: count } };`],
    ['unite.config.mts', `export default { load: { users: await Promise.resolve(1) } } as const;`],
    ['unite.config.js', `export default { load: { users: 1 } };`],
    ['unite.config.js', `module.exports = { load: { users: 1 } };`],
    ['unite.config.mjs', `export default { load: { users: 1 } };`],
    ['unite.config.cjs', `module.exports = { load: { users: 1 } };`],
    ['unite.config.cjs', `exports.__esModule = true; exports.default = { load: { users: 1 } };`],
    ['unite.config.ts', `export default () => ({ load: { users: 1 } });`],
    ['unite.config.ts', `export default async () => ({ load: { users: 1 } });`],
    [
      'unite.config.ts',
      `import { defineConfig } from '${source}'; export default defineConfig({ load: { users: 1 } });`,
    ],
  ])('%s: %s', async (name, content) => {
    const cwd = project({ [name]: content });
    expect(await loadConfig({ cwd })).toEqual({ file: join(cwd, name), config: { load: { users: 1 } } });
  });

  test('other files, by paths of tsconfig.json too', async () => {
    const cwd = project({
      'unite.config.ts': `import { users } from '@/lib/env'; import more from './more.mjs'; export default { load: { users: users + more } };`,
      'lib/env.ts': 'export const users: number = 2;',
      'more.mjs': 'export default 3;',
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }',
    });
    expect((await loadConfig({ cwd })).config).toEqual({ load: { users: 5 } });
  });

  test('without a tsconfig.json that cannot be read', async () => {
    const cwd = project({
      'unite.config.ts': 'export default { load: { users: 1 } };',
      'tsconfig.json': '{ "extends": "@nobody/has-this" }',
    });
    expect((await loadConfig({ cwd })).config).toEqual({ load: { users: 1 } });
  });

  test('leaves no files behind', async () => {
    const cwd = project({ 'unite.config.ts': 'export default {};', 'node_modules/x/package.json': '{}' });
    await loadConfig({ cwd });
    expect(existsSync(join(cwd, 'node_modules/.cache'))).toBe(false);
  });
});

describe('where it looks', () => {
  test('in folders above, the nearest first, TypeScript first', async () => {
    const cwd = project({
      'unite.config.ts': 'export default {};',
      'unite.config.js': 'throw new Error("not this one");',
      'packages/api/unite.config.mjs': 'export default {};',
      'packages/api/src/index.ts': '',
      'packages/web/index.ts': '',
    });
    const from = async (folder: string) => (await loadConfig({ cwd: join(cwd, folder) })).file;
    expect(await from('packages/web')).toBe(join(cwd, 'unite.config.ts'));
    expect(await from('packages/api/src')).toBe(join(cwd, 'packages/api/unite.config.mjs'));
  });

  test('not above a repository, nor takes a folder for a file', async () => {
    const cwd = project({
      'unite.config.ts': 'export default {};',
      'inner/unite.config.ts/x': '',
      'inner/a/x': '',
    });
    mkdirSync(join(cwd, 'inner/.git'));
    await expect(loadConfig({ cwd: join(cwd, 'inner/a') })).rejects.toMatchObject({
      code: 'UNITE_OPS_CONFIG_NOT_FOUND',
      message: `there is no unite.config.{ts,mts,js,mjs,cjs} in ${join(cwd, 'inner/a')}, ${join(cwd, 'inner')}`,
    });
  });

  test('up to the root of the file system', async () => {
    await expect(loadConfig({ cwd: '/' })).rejects.toThrow('in /');
  });

  test('at the file that was named', async () => {
    const cwd = project({ 'ops/other.ts': 'export default {};' });
    expect((await loadConfig({ cwd, file: 'ops/other.ts' })).file).toBe(join(cwd, 'ops/other.ts'));
    await expect(loadConfig({ cwd, file: 'nope.ts' })).rejects.toMatchObject({
      code: 'UNITE_OPS_CONFIG_NOT_FOUND',
      message: `there is no file ${join(cwd, 'nope.ts')}`,
    });
  });
});

describe('what it says is wrong', () => {
  test.each([
    [
      'syntax',
      'export default {\n  a: 1,\n  b: 2 2,\n};',
      'unite.config.ts: Unexpected token, expected "," at 3:8',
    ],
    ['a throw', "throw new Error('boom\\nmore');", 'unite.config.ts: boom'],
    ['a rejection', "export default async () => { throw new Error('late') };", 'unite.config.ts: late'],
    [
      'no default',
      'export const verify = [];',
      'unite.config.ts: has no default export; write `export default defineConfig({ … })`',
    ],
    ['no object', 'export default 5;', 'unite.config.ts must be an object, got 5'],
    ['nothing', 'export default () => undefined;', 'unite.config.ts must be an object, got undefined'],
    [
      'a key',
      'export default { verfy: [] };',
      'unite.config.ts: verfy is unknown; known are verify, load, budget, drills, rules, deploy, commands',
    ],
    [
      'a value',
      `export default { verify: [${verifier}, { ...${verifier}, name: '' }] };`,
      'unite.config.ts: verify[1].name must be one word, and not begin with "-", got ""',
    ],
    [
      'what defineConfig refuses',
      `import { defineConfig } from '${source}'; export default defineConfig({ verify: [{ name: 'x' }] });`,
      'unite.config.ts: verify[0].about must be a non-empty string, got undefined',
    ],
  ])('%s', async (_what, content, message) => {
    const error = await fault({ 'unite.config.ts': content });
    expect(error).toMatchObject({ code: 'UNITE_OPS_CONFIG_INVALID', message });
    expect(error.cause).toHaveProperty('stack');
  });

  test('in a file that the configuration imports', async () => {
    const importing = "import './lib.ts'; export default {};";
    const syntax = await fault({ 'unite.config.ts': importing, 'lib.ts': 'const = 1;' });
    expect(syntax.message).toMatch(/^unite\.config\.ts: Unexpected token at \/.*\/lib\.ts:1:7$/);
  });

  // Jest finds modules its own way; test/cli/program.test.ts has the real thing.
  test.each([
    ['by itself', "import './gone';", /^unite\.config\.ts: Cannot find module '\.\/gone'/],
    [
      'in the words of Node',
      `throw Object.assign(new Error("Cannot find module './gone'\\nRequire stack:\\n- x"), { requireStack: ['/lib/db.ts'] });`,
      /^unite\.config\.ts: Cannot find module '\.\/gone', which \/lib\/db\.ts imports$/,
    ],
  ])('a module that is missing, %s', async (_how, content, message) => {
    expect((await fault({ 'unite.config.ts': `${content}\nexport default {};` })).message).toMatch(message);
  });

  test('in a native ES module', async () => {
    const error = await fault({ 'unite.config.mjs': 'export default {\n  a: 1 2,\n};' });
    expect(error.message).toBe('unite.config.mjs: Unexpected token, expected "," at 2:8');
  });

  test('that no password is in', async () => {
    const error = await fault({ 'unite.config.ts': "throw new Error('no redis://app:secret@db:6379');" });
    expect(error.message).toBe('unite.config.ts: no redis://***@db:6379');
  });
});

describe('what takes too long', () => {
  const hanging = { 'unite.config.ts': 'export default () => new Promise(() => {});' };

  test('ends within a deadline', async () => {
    await expect(loadConfig({ cwd: project(hanging), timeoutMs: 50 })).rejects.toMatchObject({
      code: 'UNITE_OPS_CONFIG_INVALID',
      message: 'unite.config.ts: did not end within 50 ms',
    });
  });

  test('ends with the signal', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const loading = loadConfig({ cwd: project(hanging), signal: controller.signal });
    controller.abort(reason);
    await expect(loading).rejects.toBe(reason);
    await expect(loadConfig({ cwd: project(hanging), signal: controller.signal })).rejects.toBe(reason);
  });
});

test('it refuses options that are none', async () => {
  await expect(loadConfig({ cwd: '' })).rejects.toThrow(
    'loadConfig: option "cwd" must be a non-empty string',
  );
});
