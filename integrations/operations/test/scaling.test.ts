import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(__dirname, '../../..');
const document = join(root, 'docs/scaling.md');

/** What is said of a document whose sums are done again. */
function check(file: string): string {
  const command = [join(root, 'bench/scaling/write-document.mjs'), '--check', file];
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return status === 0 ? '' : stderr;
}

test('the sums of docs/scaling.md are those of what was measured and is supposed', () => {
  expect(check(document)).toBe('');
});

test('a sum that says something else, that is unknown, or that is left out is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unite-scaling-'));
  const file = join(folder, 'scaling.md');
  const text = readFileSync(document, 'utf8');
  try {
    const changed = text.replace(/(sum: log -->[\s\S]*?processes P +\| +)\d+/, '$1 66');
    writeFileSync(file, changed.replace('sum: vault', 'sum: safe'));
    const said = check(file);
    expect(said).toMatch(/there is no sum "safe"[\s\S]*the sum "vault" has no place/);
    expect(said).toMatch(/the sum "log" comes to something else/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
