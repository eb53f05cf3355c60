import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long the app may take until it says that it is ready, in milliseconds. */
const readyTimeoutMs = 90_000;

/**
 * Starts the app and waits until `GET /health/ready` answers 200.
 *
 * @param {{
 *   directory: string, port: number, env: NodeJS.ProcessEnv, logFile: string, signal: AbortSignal,
 *   children: import('./children.mjs').Children, show: (text: string) => void,
 * }} options `show` hears the app's output once it is ready
 * @returns {Promise<{ exited: Promise<{ code: number | null, signal: string | null }> }>}
 * @throws {Error} with the end of the app's output
 */
export async function supervise({ directory, port, env, logFile, signal, children, show }) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  let ready = false;
  let ended = false;
  let tail = '';
  const { exited } = children.start(process.execPath, ['scripts/serve.mjs'], {
    cwd: directory,
    env: { PUBLIC_URL: `http://127.0.0.1:${port}`, ...env, PORT: String(port), HOSTNAME: '127.0.0.1' },
    onOutput: (text) => {
      log.write(text);
      tail = `${tail}${text}`.slice(-8_000);
      if (ready) show(text);
    },
  });
  void exited.then(() => {
    ended = true;
    log.end();
  });
  const url = `http://127.0.0.1:${port}/health/ready`;
  const deadlineAtMs = performance.now() + readyTimeoutMs;
  while (!(await answersOk(url))) {
    signal.throwIfAborted();
    const reason = ended
      ? 'ended'
      : performance.now() > deadlineAtMs
        ? `was not ready at ${url} in time`
        : undefined;
    if (reason) throw new Error(`The app ${reason}. Its last lines:\n${tail.trimEnd()}`);
    await sleep(100);
  }
  ready = true;
  return { exited };
}

/** @param {string} url */
async function answersOk(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
