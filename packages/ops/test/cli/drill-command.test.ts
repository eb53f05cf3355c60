import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { unite } from '../support/unite';

const config = (drills: string) => ({ 'unite.config.ts': `export default { drills: ${drills} };` });
const keptDrill = `{ name: 'kill-replica', about: 'a replica is killed', targets: ['http://127.0.0.1:1'],
  run: async ({ note, score }) => { note('killing'); score({ promise: 'nothing lost', measured: '0 of 9', outcome: 'kept' }); } }`;
const missedDrill = `{ name: 'restore', about: 'a backup is restored', targets: ['unix:/run/x'],
  run: async ({ score, undo }) => { undo(() => { throw new Error('is stuck'); });
    score({ promise: 'equal', measured: 'a | b', outcome: 'not-measurable' }); } }`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unite-drill-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('all is kept', async () => {
  const { exitCode, stdout, stderr } = await unite(['drill'], { files: config(`[${keptDrill}]`) });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/nothing lost +0 of 9 +✓ kept/);
  expect(stdout).toMatch(/\nkept 1, missed 0, not measurable here 0\n$/);
  expect(stderr).toBe('kill-replica: a replica is killed\nkill-replica: killing\n');
});

test('one is missed: the exit code, the document and the report say so, and the alarm is loud', async () => {
  const report = join(folder, 'new', 'card.md');
  const files = config(`() => [${keptDrill}, ${missedDrill}]`);
  const { exitCode, stdout, stderr } = await unite(['drill', '--json', '--report', report], { files });
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    passed: false,
    stopped: 'restore: is stuck',
    counts: { kept: 1, missed: 1, notMeasurable: 1 },
    uncaught: [],
  });
  expect(stderr).toContain('unite: restore: NOT UNDONE: is stuck\n');
  const text = readFileSync(report, 'utf8');
  expect(text).toMatch(
    /^# Scorecard\n\n20\d\d-.*Z, .* on a machine with \d+ cores and \d+ GiB of memory \(.*, Node v/,
  );
  expect(text).toContain('**kept 1, missed 1, not measurable here 1**');
  expect(text).toContain('Stopped, for a fault is left: restore: is stuck');
  expect(text).toContain('| equal | a \\| b | - not measurable here |');
});

test('the named ones alone, and the list', async () => {
  const files = config(`[${keptDrill}, ${missedDrill}]`);
  expect((await unite(['drill', 'kill-replica'], { files })).exitCode).toBe(0);
  expect(await unite(['drill', '--list'], { files })).toEqual({
    exitCode: 0,
    stdout: 'kill-replica  a replica is killed\nrestore       a backup is restored\n',
    stderr: '',
  });
});

test('interrupted, it mends first, and tells what it measured', async () => {
  const hanging = `[{ name: 'slow', about: 'x', targets: ['http://127.0.0.1'], run: async ({ signal, note, score, undo }) => {
    undo(() => note('mended'));
    score({ promise: 'p', measured: '1', outcome: 'kept' });
    note('waiting');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  } }, ${keptDrill}]`;
  const report = join(folder, 'interrupted.md');
  const { exitCode, stdout, stderr } = await unite(['drill', '--report', report], {
    files: config(hanging),
    interrupt: { when: 'waiting', by: 'SIGINT' },
  });
  expect(exitCode).toBe(130);
  expect(stderr).toContain('slow: mended');
  expect(stdout).toMatch(
    /not begun: kill-replica\nkept 1, missed 0, not measurable here 0 \(interrupted\)\n$/,
  );
  expect(readFileSync(report, 'utf8')).toContain('Not begun: kill-replica');
});

describe('misuse', () => {
  const foreign = keptDrill.replace('http://127.0.0.1:1', 'http://203.0.113.7/');
  const misuse: readonly [string, string, string][] = [
    [
      'a target of another machine',
      `[${foreign}]`,
      'drill "kill-replica" is refused: targets[0] (203.0.113.7)',
    ],
    [
      'no targets',
      `[${keptDrill.replace(/targets: \[.*\],/, 'targets: [],')}]`,
      'drills[0].targets must be a list of 1',
    ],
    [
      'the same name twice',
      `[${keptDrill}, ${keptDrill}]`,
      'drills[1].name is "kill-replica", which drills[0] is called',
    ],
    ['nothing to drill', '[]', 'there is nothing to drill; list drills in unite.config.ts'],
    ['no list', '7', 'drills must be a list, or a function that answers one, got 7'],
    ['a function that throws', "() => { throw new Error('no servers'); }", 'no servers'],
    ['a function that answers no list', '() => 7', 'drills must answer a list'],
    ['a function that answers nonsense', '() => [7]', 'drills[0] must be an object, got 7'],
  ];
  test.each(misuse)('%s', async (_, drills, message) => {
    const { exitCode, stderr } = await unite(['drill'], { files: config(drills) });
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  test('a name that no drill has, and no configuration', async () => {
    const unknown = await unite(['drill', 'nope'], { files: config(`[${keptDrill}]`) });
    expect(unknown).toMatchObject({ exitCode: 2 });
    expect(unknown.stderr).toContain('no drill is called "nope"; known are kill-replica');
    const none = await unite(['drill']);
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toContain('list drills in unite.config.ts');
    const broken = await unite(['drill', '--config', 'gone.ts']);
    expect(broken).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('there is no file') });
  });

  test('a report that cannot be written is told before anything is broken', async () => {
    const { exitCode, stderr } = await unite(['drill', '--report', '/dev/null/card.md'], {
      files: config(`[${keptDrill}]`),
    });
    expect(exitCode).toBe(1);
    expect(stderr).not.toContain('killing');
  });
});
