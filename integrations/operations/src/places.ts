import { join, resolve } from 'node:path';

/** The repository. */
export const repository = resolve(__dirname, '..', '..', '..');

/** What is checked, but in tests that break a copy of it. */
export const operationsFolder = join(repository, 'docs', 'operations');

/** Kept from one run to the next, where the tests of the services keep theirs. */
export const toolsDirectory = join(repository, '.unite', 'tools');
