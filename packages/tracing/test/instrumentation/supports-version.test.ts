import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { versionIn } from '../../src/instrumentation/loaded-packages';
import { supportsVersion } from '../../src/instrumentation/supports-version';

test.each([
  [['*'], '99.0.0', true],
  [['^5.0.0', '^6.0.0'], '6.3.1', true],
  [['^5.0.0', '^6.0.0'], '7.0.0', false],
  [['>=8.0.3 <9'], '8.23.1', true],
  [['>=8.0.3 <9'], '9.0.0', false],
  [['>=8.0.3 <9'], '7.9.9', false],
  [['>=1.0.0 <2.5.0'], '2.1.0', true],
  [['~4'], '4.1.0', true],
  [['latest'], '1.0.0', true],
  [[], '1.0.0', false],
])('%j holds %s: %s', (ranges, version, holds) => {
  expect(supportsVersion(ranges, version)).toBe(holds);
});

test('the version of a package is read from its folder, where there is one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unite-'));
  expect(versionIn(folder)).toBeUndefined();
  for (const [text, version] of [
    ['{"version":"1.2.3"}', '1.2.3'],
    ['{"version":1}', undefined],
    ['{', undefined],
  ] as const) {
    writeFileSync(join(folder, 'package.json'), text);
    expect(versionIn(folder)).toBe(version);
  }
});
