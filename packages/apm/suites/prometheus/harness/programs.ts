import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Kept from one run to the next, where the tests of the services keep theirs. */
export const toolsDirectory = resolve(__dirname, '..', '..', '..', '..', '..', '.unite', 'tools');

/** Whether the programs may be there: on PATH, or to be fetched from Debian's archive. */
export const isPossible = ['prometheus', 'apt-get'].some(
  (program) => spawnSync('which', [program]).status === 0,
);
