import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { hideSourceMaps, localSourceMaps } from '../../src/source-maps';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unite-hide-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

const read = (name: string) => readFile(join(root, name), 'utf8');
const hide = () => hideSourceMaps({ from: join(root, 'public'), to: join(root, 'hidden') });

async function filesIn(name: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, name), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, name).length + 1))
    .sort();
}

describe('hideSourceMaps', () => {
  it('moves maps, removes the comments that name them, and finds nothing to do then', async () => {
    await write({
      'public/chunks/a.js': 'one();\n//# sourceMappingURL=a.js.map',
      'public/chunks/a.js.map': '{"a":1}',
      'public/chunks/b.js': 'two();\n//# sourceMappingURL=other%20name.map\n//# debugId=1\n',
      'public/chunks/other name.map': '{"b":1}',
      'public/c.css': 'a{}\n/*# sourceMappingURL=c.css.map */\n',
      'public/c.css.map': '{"c":1}',
      'public/d.mjs': `three();\n//# sourceMappingURL=data:application/json;base64,${btoa('{"d":1}')}`,
      'public/e.js': 'four();\n//# sourceMappingURL=gone.map',
      'public/f.js': 'five();\n//# sourceMappingURL=%zz.map',
      'public/lone.map': '{"lone":1}',
      'public/kept.js': 'const text = "//# sourceMappingURL=x.map"; six();',
      'public/cut.css': 'a{} /*# sourceMappingURL=x.map',
      'public/page.html': '<p>//# sourceMappingURL=x.map',
    });
    expect(await hide()).toEqual({ maps: 5, files: 6 });
    expect(await filesIn('hidden')).toEqual([
      'c.css.map',
      'chunks/a.js.map',
      'chunks/b.js.map',
      'd.mjs.map',
      'lone.map',
    ]);
    expect((await filesIn('public')).filter((name) => name.endsWith('.map'))).toEqual([]);
    expect(await Promise.all(['a.js', 'b.js'].map((name) => read(`public/chunks/${name}`)))).toEqual([
      'one();',
      'two();\n//# debugId=1\n',
    ]);
    expect(await read('public/c.css')).toBe('a{}\n');
    expect(await read('public/kept.js')).toContain('sourceMappingURL=x.map');
    expect(await read('hidden/d.mjs.map')).toBe('{"d":1}');
    expect(await hide()).toEqual({ maps: 0, files: 0 });
  });

  it('leaves maps where localSourceMaps finds them', async () => {
    await write({ 'load.ts': 'export const load = () => {\n  throw new Error("x");\n};' });
    await build({
      entryPoints: [join(root, 'load.ts')],
      outfile: join(root, 'public/static/load.js'),
      sourcemap: true,
      minify: true,
      format: 'esm',
      logLevel: 'silent',
    });
    await hide();
    const script = await read('public/static/load.js');
    const frame = {
      function: 'load',
      file: 'https://crm.example/_next/static/load.js',
      line: 1,
      column: script.indexOf('throw') + 1,
      isInApp: true,
    };
    expect(localSourceMaps({ directories: [join(root, 'hidden')] }).resolve(frame)).toMatchObject({
      line: 2,
      source: { line: '  throw new Error("x");' },
    });
  });

  it('follows no links', async () => {
    await write({
      'outside/a.js': 'x\n//# sourceMappingURL=a.js.map',
      'outside/a.js.map': '{}',
      'public/b.js': '',
    });
    await symlink(join(root, 'outside'), join(root, 'public/link'));
    await symlink(join(root, 'outside/a.js'), join(root, 'public/a.js'));
    expect(await hide()).toEqual({ maps: 0, files: 0 });
    expect(await filesIn('outside')).toEqual(['a.js', 'a.js.map']);
  });

  it('moves to another file system', async () => {
    const to = await mkdtemp('/dev/shm/unite-hide-');
    try {
      await write({ 'public/a.js.map': '{}' });
      expect(await hideSourceMaps({ from: join(root, 'public'), to })).toEqual({ maps: 1, files: 0 });
      expect(await readFile(join(to, 'a.js.map'), 'utf8')).toBe('{}');
      expect(await filesIn('public')).toEqual([]);
    } finally {
      await rm(to, { recursive: true });
    }
  });

  it('refuses a folder that is served, and says where there is none', async () => {
    const from = join(root, 'public');
    await expect(hideSourceMaps({ from, to: join(from, 'maps') })).rejects.toThrow(
      'hideSourceMaps: option "to" must not be in "from", which is served',
    );
    await expect(hideSourceMaps({ from, to: '' })).rejects.toThrow(
      'option "to" must be a non-empty string, got ""',
    );
    await expect(hide()).rejects.toMatchObject({ code: 'ENOENT' });
    await write({ 'public/a.map/x': '', hidden: '' });
    await write({ 'public/b.map': '' });
    await expect(hide()).rejects.toMatchObject({ code: expect.stringMatching(/ENOTDIR|EEXIST/) });
  });
});
