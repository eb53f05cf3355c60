import { readFileSync } from 'node:fs';
import { expect, jest, test } from '@jest/globals';
import { transformSync } from 'esbuild';
import * as problem from '../src';

test('the ten lines of the README run, and print what it says', async () => {
  const readme = readFileSync(`${__dirname}/../README.md`, 'utf8');
  const [, source = ''] = /```ts\n([\s\S]+?)```/.exec(readme) ?? [];
  const [, said = ''] = /```json\n([\s\S]+?)```/.exec(readme) ?? [];
  const { code } = transformSync(
    source.replace(/import (\{.+\}) from '@unite\/problem';/, 'const $1 = problem;'),
    { loader: 'ts' },
  );
  const log = jest.fn();
  await new Function('problem', 'console', `return (async () => {${code}})()`)(problem, { log });
  expect(log).toHaveBeenCalledWith(400, JSON.parse(said));
});
