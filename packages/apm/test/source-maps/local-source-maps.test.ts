import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cpuMs } from '@unite/shared/testing';
import { build } from 'esbuild';
import type { StackFrame } from '../../src';
import { parseStack } from '../../src/capture/parse-stack';
import { localSourceMaps } from '../../src/source-maps';

const source = [
  '// a contact',
  'export function load(id: string): never {',
  "  throw new Error('no ' + id);",
  '}',
].join('\n');

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'unite-maps-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const frameAt = (file: string, line = 1, column = 1): StackFrame => ({
  function: 'load',
  file,
  line,
  column,
  isInApp: true,
});

/** Maps the first column of the first line to that of `source`. */
const mapOf = (given: object = {}) =>
  JSON.stringify({
    version: 3,
    sources: ['src/load.ts'],
    sourcesContent: [source],
    names: [],
    mappings: 'AAAA',
    ...given,
  });

/** Files of a made-up disk; what is read of it is counted. */
function diskOf(files: Readonly<Record<string, string>>) {
  return jest.fn((path: string): string | undefined => files[path]);
}

describe('a script of the server', () => {
  it.each<[string, 'linked' | 'inline' | 'external']>([
    ['with its map beside it', 'linked'],
    ['with its map in it', 'inline'],
    ['with a map that no comment names', 'external'],
  ])('%s is its source', async (_, sourcemap) => {
    const entry = join(root, `load-${sourcemap}.ts`);
    const outfile = join(root, sourcemap, 'out.cjs');
    await writeFile(entry, source);
    await build({
      entryPoints: [entry],
      outfile,
      sourcemap,
      minify: true,
      format: 'cjs',
      logLevel: 'silent',
    });
    const program = `try { require(${JSON.stringify(outfile)}).load('7') } catch (error) { console.log(error.stack) }`;
    const [frame] = parseStack(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }));
    expect(frame?.file).toBe(outfile);
    expect(localSourceMaps().resolve(frame ?? frameAt(''))).toMatchObject({
      file: entry,
      line: 3,
      column: 9,
      isInApp: true,
      source: {
        before: source.split('\n').slice(0, 2),
        line: "  throw new Error('no ' + id);",
        after: ['}'],
      },
    });
  });

  it.each([
    ['of another scheme', 'https://evil.example/a.map'],
    ['anywhere on the disk', '/secrets/a.map'],
    ['malformed', '%zz.map'],
    ['inline and malformed', 'data:application/json,%zz'],
    ['inline and of another kind', 'data:text/plain,hello'],
  ])('has no map %s', (_, url) => {
    const readFile = diskOf({ '/app/a.js': `x\n//# sourceMappingURL=${url}`, '/secrets/a.map': mapOf() });
    const frame = frameAt('/app/a.js');
    expect(localSourceMaps({ readFile }).resolve(frame)).toBe(frame);
    expect(readFile).toHaveBeenCalledTimes(1);
  });

  it.each([
    'node:fs',
    'webpack-internal:///(rsc)/./a.tsx',
    '//host/share/a.js',
    '\\\\host\\share\\a.js',
    'a.js',
  ])('is not %s', (file) => {
    const readFile = diskOf({});
    const frame = frameAt(file);
    expect(localSourceMaps({ readFile }).resolve(frame)).toBe(frame);
    expect(readFile).not.toHaveBeenCalled();
  });

  it('is not of a package, and has lines from 1', () => {
    const readFile = diskOf({});
    const { resolve } = localSourceMaps({ readFile });
    resolve({ ...frameAt('/app/node_modules/pg/a.js'), isInApp: false });
    resolve(frameAt('/app/a.js', 0));
    expect(readFile).not.toHaveBeenCalled();
  });

  it('is a regular file: a pipe is not waited for', async () => {
    const pipe = join(root, 'pipe.js');
    execFileSync('mkfifo', [pipe]);
    const frame = frameAt(pipe);
    expect(localSourceMaps().resolve(frame)).toBe(frame);
    await symlink('/dev/zero', join(root, 'zero.js'));
    expect(localSourceMaps().resolve(frameAt(join(root, 'zero.js'))).source).toBeUndefined();
  });
});

describe('a script of a page', () => {
  const disk = {
    '/maps/static/chunks/a.js.map': mapOf({ sources: ['turbopack:///[project]/app/page.tsx'] }),
    '/maps/static/chunks/[root] b.js.map': mapOf({ sources: ['webpack://_N_E/./app/page.tsx'] }),
    '/maps/static/chunks/pg.js.map': mapOf({ sources: ['turbopack:///[project]/node_modules/pg/index.js'] }),
    '/secret.js.map': mapOf(),
    '/maps/.js.map': mapOf(),
  };
  const resolve = (file: string) =>
    localSourceMaps({ directories: ['/none', '/maps'], readFile: diskOf(disk) }).resolve(frameAt(file));

  it.each([
    'https://crm.example/_next/static/chunks/a.js',
    'https://cdn.example/v1/_next/static/chunks/a.js?dpl=abc#x',
    'https://crm.example/_next/static/chunks/%5Broot%5D%20b.js',
  ])('is found below the directories: %s', (url) => {
    expect(resolve(url)).toMatchObject({
      file: 'app/page.tsx',
      line: 1,
      column: 1,
      source: { line: '// a contact' },
    });
  });

  it('is of a package where its source is', () => {
    expect(resolve('https://crm.example/_next/static/chunks/pg.js').isInApp).toBe(false);
  });

  it.each([
    'https://crm.example/_next/../secret.js',
    'https://crm.example/_next/%2e%2e/secret.js',
    'https://crm.example/_next/static/%2e%2e/%2e%2e/secret.js',
    'https://crm.example/_next//secret.js',
    'https://crm.example/_next/..%5csecret.js',
    'https://crm.example/_next/a%00.js',
    'https://crm.example/_next/%zz.js',
    'https://crm.example/_next/',
    'https://crm.example/other/a.js',
  ])('never leads out of them: %s', (url) => {
    expect(resolve(url).file).toBe(url);
  });

  it('is found behind another prefix', () => {
    const maps = localSourceMaps({
      directories: ['/maps'],
      urlPrefixes: ['/assets/'],
      readFile: diskOf(disk),
    });
    expect(maps.resolve(frameAt('https://a/assets/static/chunks/a.js')).file).toBe('app/page.tsx');
  });
});

describe('a map', () => {
  const resolveWith = (map: string, frame = frameAt('/app/a.js')) =>
    localSourceMaps({ readFile: diskOf({ '/app/a.js.map': map }) }).resolve(frame);

  it('may have sections', () => {
    const section = (line: number, file: string) => ({
      offset: { line, column: 0 },
      map: JSON.parse(mapOf({ sources: [file] })),
    });
    const map = JSON.stringify({ version: 3, sections: [section(0, 'one.ts'), section(4, 'two.ts')] });
    expect(resolveWith(map, frameAt('/app/a.js', 5)).file).toBe('/app/two.ts');
  });

  it('may have no sources in it, or fewer lines than it maps', () => {
    expect(resolveWith(mapOf({ sourcesContent: undefined })).source).toBeUndefined();
    expect(resolveWith(mapOf({ mappings: 'AAAA', sourcesContent: [''] })).source).toEqual({
      before: [],
      line: '',
      after: [],
    });
    expect(resolveWith(mapOf({ mappings: 'AAgGA' })).source).toBeUndefined();
    expect(resolveWith(`)]}'\n${mapOf()}`).file).toBe('/app/src/load.ts');
  });

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['null', 'null'],
    ['another version', mapOf({ version: 2 })],
    ['no mappings', mapOf({ mappings: 7 })],
    ['no sources', mapOf({ sources: 'a' })],
    ['sources that are no texts', mapOf({ sources: [{}] })],
    ['content that is no text', mapOf({ sourcesContent: [7] })],
    ['too many lines', mapOf({ mappings: ';'.repeat(2_000_001) })],
    ['mappings of nothing', mapOf({ mappings: '' })],
    ['sections that are none', JSON.stringify({ version: 3, sections: 7 })],
    [
      'a section far away',
      JSON.stringify({
        version: 3,
        sections: [{ offset: { line: 4e9, column: 0 }, map: JSON.parse(mapOf()) }],
      }),
    ],
    ['a section without a place', JSON.stringify({ version: 3, sections: [{ map: JSON.parse(mapOf()) }] })],
    ['sections in sections', nested(8)],
  ])('that is hostile changes nothing: %s', (_, map) => {
    const frame = frameAt('/app/a.js');
    expect(cpuMs(() => expect(resolveWith(map, frame)).toBe(frame))).toBeLessThan(2_000);
  });

  it('that is larger than the memory for all of them is not read', () => {
    const readFile = diskOf({ '/app/a.js.map': mapOf() });
    const frame = frameAt('/app/a.js');
    expect(localSourceMaps({ readFile, maxBytes: 400 }).resolve(frame)).toBe(frame);
  });
});

describe('memory', () => {
  it('keeps the maps that were used last, as many as fit', () => {
    const files = Object.fromEntries(['a', 'b', 'c'].map((name) => [`/app/${name}.js.map`, mapOf()]));
    const readFile = diskOf(files);
    const { resolve } = localSourceMaps({ readFile, maxBytes: 2.5 * 4 * mapOf().length });
    const readsOf = (names: string) => {
      readFile.mockClear();
      for (const name of names) resolve(frameAt(`/app/${name}.js`));
      return readFile.mock.calls.filter(([path]) => path.endsWith('.map')).length;
    };
    expect(readsOf('ab')).toBe(2);
    expect(readsOf('ab')).toBe(0);
    expect(readsOf('a')).toBe(0);
    expect(readsOf('c')).toBe(1);
    expect(readsOf('a')).toBe(0);
    expect(readsOf('b')).toBe(1);
  });

  it('remembers which files have none, a bounded number', () => {
    const readFile = diskOf({});
    const { resolve } = localSourceMaps({ readFile });
    resolve(frameAt('/app/0.js'));
    resolve(frameAt('/app/0.js'));
    expect(readFile).toHaveBeenCalledTimes(2);
    for (const index of Array.from({ length: 5_001 }).keys()) resolve(frameAt(`/app/${index}.js`));
    readFile.mockClear();
    resolve(frameAt('/app/5000.js'));
    expect(readFile).not.toHaveBeenCalled();
    resolve(frameAt('/app/0.js'));
    expect(readFile).toHaveBeenCalled();
  });
});

it('refuses options that are malformed', () => {
  expect(() => localSourceMaps({ directories: [''] })).toThrow(
    'localSourceMaps: option "directories" must be an array of non-empty strings, got an array',
  );
});

it('reads what is on the disk', async () => {
  await mkdir(join(root, 'moved/static'), { recursive: true });
  await writeFile(join(root, 'moved/static/a.js.map'), mapOf());
  const { resolve } = localSourceMaps({ directories: [join(root, 'moved')] });
  expect(resolve(frameAt('https://a/_next/static/a.js')).line).toBe(1);
  expect(resolve(frameAt('https://a/_next/static/a.js')).source?.line).toBe('// a contact');
});

function nested(depth: number): string {
  const inner = depth === 0 ? mapOf() : nested(depth - 1);
  return `{"version":3,"sections":[{"offset":{"line":0,"column":0},"map":${inner}}]}`;
}
