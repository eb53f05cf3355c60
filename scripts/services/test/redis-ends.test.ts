import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  cleanUp,
  eventually,
  fixture,
  processesIn,
  said,
  startProgram,
  temporaryDirectory,
  toolsDirectory,
} from './support';

describe('Redis servers', () => {
  afterEach(cleanUp);

  it.each([
    ['that are closed', 'SIGTERM'],
    ['whose process is killed', 'SIGKILL'],
  ] as const)('%s leave no process and no directory', async (_, signal) => {
    const directory = temporaryDirectory();
    const program = startProgram(fixture('hold-redis.mjs'), [toolsDirectory], {
      env: { TMPDIR: directory },
    });
    const pids: number[] = JSON.parse(await said(program, /\]\n/));
    expect(pids).toHaveLength(9);
    expect(readdirSync(directory)).toHaveLength(3);
    expect(processesIn(directory)).toEqual(expect.arrayContaining(pids));

    program.child.kill(signal);
    await program.exited;
    await eventually(() => processesIn(directory).length === 0);
    expect(readdirSync(directory)).toEqual([]);
  });
});
