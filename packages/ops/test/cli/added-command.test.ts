import { describe, expect, test } from '@jest/globals';
import { unite } from '../support/unite';

/** A configuration with one command of this kind. */
function withCommand(members: string): { readonly files: Readonly<Record<string, string>> } {
  return { files: { 'unite.config.ts': `export default { commands: [{ about: 'does it', ${members} }] };` } };
}

const rotate = withCommand(`
  name: 'keys rotate',
  arguments: [{ name: 'tenant', about: 'whose' }, { name: 'reason', about: 'why', required: false }],
  options: {
    dryRun: { type: 'boolean', about: 'only say' },
    wait: { type: 'boolean', about: 'wait for it', default: true },
    count: { type: 'number', about: 'how many', default: 3 },
    constructor: { type: 'string', about: 'with a name that every object has' },
    'key-ring': { type: 'string', about: 'of which' },
  },
  run: async ({ options, arguments: given, json, signal }) =>
    ({ text: 'rotated', data: { options, kind: typeof options.constructor, arguments: given, json, aborted: signal.aborted } }),
`);

async function given(...argv: string[]): Promise<unknown> {
  const { exitCode, stdout } = await unite(['keys', 'rotate', '--json', ...argv], rotate);
  expect(exitCode).toBe(0);
  return JSON.parse(stdout);
}

describe('what a command is given', () => {
  test('defaults', async () => {
    expect(await given('acme')).toEqual({
      options: { dryRun: false, wait: true, count: 3 },
      kind: 'undefined',
      arguments: { tenant: 'acme' },
      json: true,
      aborted: false,
    });
  });

  test('options and arguments by the names of the declaration', async () => {
    const argv = [
      '--dry-run',
      '--no-wait',
      '--count',
      '-1.5',
      '--constructor',
      'x',
      '--key-ring=y',
      'acme',
      'leaked',
    ];
    expect(await given(...argv)).toMatchObject({
      options: { dryRun: true, wait: false, count: -1.5, constructor: 'x', 'key-ring': 'y' },
      arguments: { tenant: 'acme', reason: 'leaked' },
    });
  });

  test.each<[string[], string]>([
    [
      ['acme', '--count', 'many'],
      "option '--count <number>' argument 'many' is invalid. It must be a number",
    ],
    [['acme', '--count', ''], "option '--count <number>' argument '' is invalid. It must be a number"],
    [['acme', '--dry-rum'], "unknown option '--dry-rum'\n(Did you mean --dry-run?)"],
    [[], "missing required argument 'tenant'"],
    [['a', 'b', 'c'], "too many arguments for 'rotate'. Expected 2 arguments but got 3."],
  ])('not %j', async (argv, message) => {
    expect(await unite(['keys', 'rotate', ...argv], rotate)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `unite: ${message}\n`,
    });
  });

  test('help says all of it', async () => {
    const { stdout } = await unite(['help', 'keys', 'rotate'], rotate);
    for (const text of [
      '<tenant> [reason]',
      'whose',
      '--dry-run',
      '--no-wait',
      '--count <number>',
      '(default: 3)',
    ]) {
      expect(stdout).toContain(text);
    }
  });
});

describe('what a command comes to', () => {
  test.each<[string, number, string, unknown]>([
    ["{ text: 'done\\n', data: { n: 1 } }", 0, 'done\n', { n: 1 }],
    ["{ text: 'no', exitCode: 1 }", 1, 'no\n', null],
    ['undefined', 0, '', null],
    ['{}', 0, '', null],
    ["{ text: 'a\\n\\tb\\u001b[2J' }", 0, 'a\n\tb\\u001b[2J\n', null],
  ])('%s', async (result, exitCode, text, data) => {
    const use = withCommand(`name: 'do', run: async () => (${result})`);
    expect(await unite(['do'], use)).toEqual({ exitCode, stdout: text, stderr: '' });
    const { stdout, ...json } = await unite(['do', '--json'], use);
    expect(json).toEqual({ exitCode, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(data);
  });

  test.each([
    ['5', 'do answered 5, which is no result of a command'],
    ['{ exitCode: 7 }', 'do answered the exit code 7; it must be 0 or 1'],
  ])('not %s', async (result, message) => {
    const use = withCommand(`name: 'do', run: async () => (${result})`);
    expect(await unite(['do'], use)).toEqual({ exitCode: 1, stdout: '', stderr: `unite: ${message}\n` });
  });

  test('data that JSON cannot say is an error, in JSON', async () => {
    const { exitCode, stdout } = await unite(
      ['do', '--json'],
      withCommand(`name: 'do', run: async () => ({ data: 1n })`),
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ error: { message: expect.stringContaining('BigInt') } });
  });

  test('a rejection is its message and code', async () => {
    const use = withCommand(`name: 'do', run: async ({ note }) => {
      note('trying');
      throw Object.assign(new Error('two\\nlines\\u001b[2J'), { code: 'EACCES' });
    }`);
    expect(await unite(['do'], use)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'trying\nunite: two\nlines\\u001b[2J (EACCES)\n',
    });
    const { stdout } = await unite(['do', '--json'], use);
    expect(JSON.parse(stdout)).toEqual({ error: { message: 'two\nlines\u001b[2J', code: 'EACCES' } });
  });
});

describe('an interrupted command', () => {
  test('reports what it has', async () => {
    const use = withCommand(`name: 'do', run: ({ signal, note }) => new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ text: String(signal.reason), exitCode: 1 }));
      note('begun');
    })`);
    expect(await unite(['do'], { ...use, interrupt: { when: 'begun', by: 'SIGINT' } })).toEqual({
      exitCode: 130,
      stdout: 'AbortError: interrupted by SIGINT\n',
      stderr: 'begun\n',
    });
  });

  test('that does not end is left', async () => {
    const use = withCommand(
      `name: 'do', run: ({ note }) => { note('begun'); return new Promise(() => {}); }`,
    );
    const interrupted = { ...use, interrupt: { when: 'begun', by: 'SIGTERM' }, graceMs: 20 } as const;
    expect(await unite(['do'], interrupted)).toEqual({
      exitCode: 143,
      stdout: '',
      stderr: 'begun\nunite: interrupted by SIGTERM\n',
    });
  });
});
