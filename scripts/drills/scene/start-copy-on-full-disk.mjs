import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../services/src/plain/free-port.mjs';
import { createGuard } from '../../services/src/plain/guard.mjs';

/**
 * A copy of the CRM beside the others whose disk is full: what it says goes to the device that is always full, and the
 * limit on the size of files refuses it every byte elsewhere. Neither needs root.
 *
 * @param {{ root: string, env: NodeJS.ProcessEnv }} options
 */
export async function startCopyOnFullDisk({ root, env }) {
  const port = await freePort();
  const full = openSync('/dev/full', 'w');
  const directory = mkdtempSync(join(tmpdir(), 'unite-full-disk-'));
  const { PATH, HOME } = process.env;
  const child = spawn('/bin/sh', ['-c', 'ulimit -f 0; exec "$0" scripts/serve.mjs', process.execPath], {
    cwd: join(root, 'examples', 'crm'),
    env: {
      PATH,
      HOME,
      ...env,
      RELEASE: 'full-disk',
      DEPLOYMENT: 'full-disk',
      APM_DIRECTORY: directory,
      PORT: String(port),
      HOSTNAME: '127.0.0.1',
      READINESS_GRACE_MS: '0',
    },
    stdio: ['ignore', full, full],
  });
  closeSync(full);
  const exited = once(child, 'exit');
  // However this process ends.
  const guard = createGuard({ removeDirectory: directory });
  if (child.pid !== undefined) guard.watch(child.pid);
  return {
    origin: `http://127.0.0.1:${port}`,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      guard.dismiss();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
