import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { repository } from '../src/repository';
import { mustRun } from '../src/run';

const documents = mustRun('git', ['ls-files', '*.md'], repository).trim().split('\n');

test.each(documents)('%s links to files that exist', (document) => {
  const text = readFileSync(join(repository, document), 'utf8').replace(/^```.*?^```/gms, '');
  const targets = [...text.matchAll(/\]\((?<target>\.[^)#]*)/g)].map(({ groups }) => groups?.target ?? '');
  const broken = targets.filter((target) => !existsSync(join(repository, dirname(document), target)));
  expect(broken).toEqual([]);
});
