import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { findNginx } from '../src/nginx/find-nginx';
import { runCommand } from '../src/process/run-command';
import { programEnv } from '../src/tools/program';
import { cleanUp, temporaryDirectory, toolsDirectory, withPath } from './support';

const itOnDebian = existsSync('/usr/bin/dpkg') ? it : it.skip;

describe('findNginx', () => {
  afterEach(cleanUp);

  it('takes the one on PATH', async () => {
    const directory = temporaryDirectory();
    const command = join(directory, 'nginx');
    writeFileSync(command, '', { mode: 0o755 });
    expect(await withPath(directory, () => findNginx({ toolsDirectory }))).toEqual({ command });
  });

  itOnDebian("unpacks Debian's where there is none on PATH (needs Debian)", async () => {
    const nginx = await withPath(pathWithoutNginx(), () => findNginx({ toolsDirectory }));
    expect(nginx.command).toBe(join(toolsDirectory, 'nginx', 'usr', 'sbin', 'nginx'));
    const { output } = await runCommand(nginx.command, ['-v'], { env: programEnv(nginx), timeoutMs: 5_000 });
    expect(output).toMatch(/^nginx version: /);
  });

  itOnDebian('says what was tried and what to install where there is none (needs Debian)', async () => {
    const tools = temporaryDirectory();
    // As an unpacked one whose libraries are missing.
    mkdirSync(join(tools, 'nginx', 'usr', 'sbin'), { recursive: true });
    writeFileSync(join(tools, 'nginx', 'usr', 'sbin', 'nginx'), '#!/bin/sh\necho no library; exit 127\n', {
      mode: 0o755,
    });
    const refusal = withPath(pathWithoutNginx(), () => findNginx({ toolsDirectory: tools }));
    await expect(refusal).rejects.toMatchObject({
      code: 'NGINX_UNAVAILABLE',
      message: expect.stringMatching(
        /path: no nginx on PATH\n {2}debian: the unpacked nginx does not run: no library\n.*apt install nginx/,
      ),
    });
  });
});

/** The programs that unpacking takes, and no other. */
function pathWithoutNginx(): string {
  const directory = temporaryDirectory();
  for (const name of ['apt-get', 'apt-cache', 'dpkg', 'dpkg-deb', 'dpkg-query', 'tar', 'rm']) {
    symlinkSync(join('/usr/bin', name), join(directory, name));
  }
  return directory;
}
