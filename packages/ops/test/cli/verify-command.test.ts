import { describe, expect, test } from '@jest/globals';
import { unite } from '../support/unite';

const files = {
  'unite.config.ts': `export default { verify: [
    { name: 'database', about: 'replicas replay', run: async ({ note }) => {
      note('waiting for db-2');
      return [
        { subject: 'replica db-2', status: 'passed', detail: 'came back', measured: { replayedAfterMs: 1234.5678, sync: true, zone: 'b' } },
        { subject: 'replica db-3', status: 'warned', detail: 'is slow', remedy: 'Look at its disk.' },
        { subject: 'replica db-4', status: 'skipped', detail: 'is not configured' },
      ];
    } },
    { name: 'redis', about: 'keeps what it is given', run: async () => { throw Object.assign(new Error('no answer'), { code: 'ECONNRESET' }); } },
    { name: 'good', about: 'is fine', run: async () => [{ subject: 'it', status: 'passed', detail: 'works' }] },
  ] };`,
};

describe('for people', () => {
  test('a table, and the progress beside it', async () => {
    const { exitCode, stdout, stderr } = await unite(['verify'], { files });
    expect(exitCode).toBe(1);
    expect(stdout.replace(/\b\d+ ms/g, '5 ms')).toBe(
      [
        'database  5 ms',
        '  ✓ passed   replica db-2  came back',
        '                           replayedAfterMs 1,234.568, sync true, zone b',
        '  ! warned   replica db-3  is slow',
        '                           → Look at its disk.',
        '  - skipped  replica db-4  is not configured',
        '',
        'redis  5 ms',
        '  ✗ failed   redis         no answer (ECONNRESET)',
        '',
        'good  5 ms',
        '  ✓ passed   it            works',
        '',
        '2 passed, 1 warned, 1 failed, 1 skipped in 5 ms',
        '',
      ].join('\n'),
    );
    expect(stderr).toBe(
      'database: replicas replay\ndatabase: waiting for db-2\nredis: keeps what it is given\ngood: is fine\n',
    );
  });

  test('in colour on a terminal, where nobody refuses it', async () => {
    const use = { files, isTTY: true };
    const inColour = await unite(['verify'], use);
    expect(inColour.stdout).toContain('\u001b[32m✓ passed ');
    expect(inColour.stderr).toContain('\u001b[2mgood: is fine');
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const { stdout, stderr } = await unite(['verify'], { ...use, env });
      expect(stdout + stderr).not.toContain('\u001b');
    }
    expect((await unite(['verify'], { ...use, env: { NO_COLOR: '' } })).stdout).toContain('\u001b[32m');
  });

  test('nothing that a server says is obeyed by the terminal', async () => {
    const hostile = '\\u001b[2J\\u009b31m\\u0007\\u202eback\\r\\nnext\\tline\\ud800';
    const finding = `{ subject: '${hostile}', status: 'warned', detail: '${hostile}', remedy: '${hostile}', measured: { '${hostile}': '${hostile}' } }`;
    const config = `export default { verify: [
      { name: 'says', about: '${hostile}', run: async ({ note }) => { note('${hostile}'); return [${finding}]; } },
      { name: 'throws', about: 'x', run: async () => { throw new Error('${hostile}'); } },
    ] };`;
    for (const argv of [
      ['verify'],
      ['verify', '--json'],
      ['verify', '--list'],
      ['verify', 'nope\u001b[2J'],
    ]) {
      const { stdout, stderr } = await unite(argv, { files: { 'unite.config.ts': config } });
      const obeyed = [...stdout, ...stderr].filter((character) => /[\p{Cc}\p{Cf}\p{Cs}]/u.test(character));
      expect(new Set(obeyed)).toEqual(new Set(['\n']));
    }
    const { stdout } = await unite(['verify'], { files: { 'unite.config.ts': config } });
    expect(stdout).toContain('\\u001b[2J\\u009b31m\\u0007\\u202eback next line\\ud800');
    const json = await unite(['verify', '--json'], { files: { 'unite.config.ts': config } });
    expect(JSON.parse(json.stdout).verifiers[0].findings[0].detail).toBe(JSON.parse(`"${hostile}"`));
  });

  test('a long answer is cut', async () => {
    const config = `export default { verify: [{ name: 'long', about: 'x', run: async () => [
      { subject: 's'.repeat(60), status: 'passed', detail: 'd'.repeat(5000) } ] }] };`;
    const { stdout } = await unite(['verify'], { files: { 'unite.config.ts': config } });
    expect(stdout).toContain(`${'s'.repeat(60)}  ${'d'.repeat(1000)}…\n`);
  });
});

describe('for programs', () => {
  test('exactly one document, and the progress beside it', async () => {
    const { exitCode, stdout, stderr } = await unite(['verify', '--json'], { files });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      passed: false,
      interrupted: false,
      counts: { passed: 2, warned: 1, failed: 1, skipped: 1 },
      verifiers: [
        {
          name: 'database',
          about: 'replicas replay',
          findings: [{ measured: { replayedAfterMs: 1234.5678 } }, {}, {}],
        },
        { name: 'redis', code: 'ECONNRESET' },
        { name: 'good' },
      ],
    });
    expect(stderr).toContain('waiting for db-2');
  });

  test('the list', async () => {
    expect(await unite(['verify', '--list'], { files })).toEqual({
      exitCode: 0,
      stdout: 'database  replicas replay\nredis     keeps what it is given\ngood      is fine\n',
      stderr: '',
    });
    const { stdout } = await unite(['--json', 'verify', '--list', 'good'], { files });
    expect(JSON.parse(stdout)).toEqual({ verifiers: [{ name: 'good', about: 'is fine' }] });
  });
});

describe('which, and how long', () => {
  test('those that were named; fine is 0', async () => {
    const { exitCode, stdout } = await unite(['verify', 'good'], { files });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('1 passed, 0 warned, 0 failed, 0 skipped');
  });

  test('unknown names are misuse', async () => {
    expect(await unite(['verify', 'good', 'nope'], { files })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'unite: no verifier is called "nope"; known are database, redis, good\n',
    });
  });

  const hanging = {
    'unite.config.ts': `export default { verify: [{ name: 'hangs', about: 'x', run: () => new Promise(() => {}) }] };`,
  };

  test.each(['50', '0.05s'])('--timeout %s', async (timeout) => {
    const { exitCode, stdout } = await unite(['verify', '--timeout', timeout], { files: hanging });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('did not end within 50 ms (UNITE_OPS_VERIFY_TIMEOUT)');
  });

  test.each([
    ['soon', 'It must be a time such as 250ms, 10s or 2m'],
    ['0', 'It must be a number of milliseconds above 0, at most 2,147,483,647'],
    ['99999m', 'It must be a number of milliseconds above 0, at most 2,147,483,647'],
  ])('--timeout %s is misuse', async (timeout, message) => {
    expect(await unite(['verify', '--timeout', timeout], { files: hanging })).toMatchObject({
      exitCode: 2,
      stderr: `unite: option '--timeout <ms>' argument '${timeout}' is invalid. ${message}\n`,
    });
  });

  test('an interruption reports what is known', async () => {
    const interrupted = { files: hanging, interrupt: { when: 'hangs: x', by: 'SIGINT' } } as const;
    const { exitCode, stdout } = await unite(['verify', '--json', '--timeout', '5m'], interrupted);
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ passed: false, interrupted: true, counts: { skipped: 1 } });
    expect((await unite(['verify'], interrupted)).stdout).toContain('1 skipped in');
  });
});

describe('without verifiers', () => {
  const hint = 'list verifiers in unite.config.ts: export default defineConfig({ verify: [ … ] })';

  test('it says how to have some', async () => {
    expect(await unite(['verify'], { files: { 'unite.config.ts': 'export default {};' } })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `unite: there is nothing to verify; ${hint}\n`,
    });
    const { exitCode, stdout, stderr } = await unite(['verify', '--json']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(hint);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'UNITE_OPS_CONFIG_NOT_FOUND' } });
  });

  test('a broken configuration, and a named one that is not there, are errors', async () => {
    expect(await unite(['verify'], { files: { 'unite.config.ts': 'throw new Error("boom");' } })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'unite: unite.config.ts: boom (UNITE_OPS_CONFIG_INVALID)\n',
    });
    expect(await unite(['verify', '-c', 'nope.ts'])).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
