import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '../src/process/run-command';
import { programEnv } from '../src/tools/program';
import { findWrk } from '../src/wrk/find-wrk';
import { cleanUp, temporaryDirectory, toolsDirectory, withPath } from './support';

const itOnDebian = existsSync('/usr/bin/dpkg') ? it : it.skip;

describe('findWrk', () => {
  afterEach(cleanUp);

  it('takes the one on PATH', async () => {
    const directory = temporaryDirectory();
    const command = join(directory, 'wrk');
    writeFileSync(command, '', { mode: 0o755 });
    expect(await withPath(directory, () => findWrk({ toolsDirectory }))).toEqual({ command });
  });

  itOnDebian("unpacks Debian's where there is none on PATH (needs Debian)", async () => {
    const wrk = await withPath(pathWithoutWrk(), () => findWrk({ toolsDirectory }));
    expect(wrk.command).toBe(join(toolsDirectory, 'wrk', 'usr', 'bin', 'wrk'));
    const { output } = await runCommand(wrk.command, ['-v'], { env: programEnv(wrk), timeoutMs: 5_000 });
    expect(output).toMatch(/^wrk .*Will Glozer/);
  });

  itOnDebian('says what was tried and what to install where there is none (needs Debian)', async () => {
    const tools = temporaryDirectory();
    // As an unpacked one whose libraries are missing.
    mkdirSync(join(tools, 'wrk', 'usr', 'bin'), { recursive: true });
    writeFileSync(join(tools, 'wrk', 'usr', 'bin', 'wrk'), '#!/bin/sh\necho no library; exit 127\n', {
      mode: 0o755,
    });
    const refusal = withPath(pathWithoutWrk(), () => findWrk({ toolsDirectory: tools }));
    await expect(refusal).rejects.toMatchObject({
      code: 'WRK_UNAVAILABLE',
      message: expect.stringMatching(
        /path: no wrk on PATH\n {2}debian: the unpacked wrk does not run: no library\n.*apt install wrk/,
      ),
    });
  });
});

/** The programs that unpacking takes, and no other. */
function pathWithoutWrk(): string {
  const directory = temporaryDirectory();
  for (const name of ['apt-get', 'apt-cache', 'dpkg', 'dpkg-deb', 'dpkg-query', 'tar', 'rm']) {
    symlinkSync(join('/usr/bin', name), join(directory, name));
  }
  return directory;
}
