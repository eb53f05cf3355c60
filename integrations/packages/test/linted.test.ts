import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packed } from '../src/packed';
import { publishedPackages } from '../src/published-packages';
import { repository } from '../src/repository';
import { run } from '../src/run';

const tool = (name: string) => join(repository, 'node_modules/.bin', name);

describe.each(publishedPackages)('the tarball of $name', ({ name, manifest }) => {
  test('passes publint --strict', () => {
    const { exitCode, output } = run(tool('publint'), ['run', packed(name).tarball, '--strict'], repository);
    if (exitCode !== 0) throw new Error(output);
    expect(output).toContain('All good!');
  });

  test('has types that every resolution of Node 16 and up understands (attw)', () => {
    const options = ['--profile', 'node16', '--format', 'ascii', '--no-emoji', '--no-definitely-typed'];
    const styles = Object.keys(manifest.exports).filter((subpath) => subpath.endsWith('.css'));
    if (styles.length > 0) options.push('--exclude-entrypoints', ...styles);
    const { exitCode, output } = run(tool('attw'), [packed(name).tarball, ...options], repository);
    if (exitCode !== 0) throw new Error(output);
    expect(output).toContain('node16 (from CJS): OK (CJS)');
    expect(output).toContain('node16 (from ESM): OK (ESM)');
  });
});
