import { createWriteStream, mkdirSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long the app may take until it says that it is ready, in milliseconds. */
const readyTimeoutMs = 90_000;

/**
 * Starts the app and waits until `GET /health/ready` answers 200.
 *
 * @param {{
 *   directory: string, url: string, ca?: string | undefined, env: NodeJS.ProcessEnv, logFile: string, signal: AbortSignal,
 *   children: import('./children.mjs').Children, show: (text: string) => void,
 * }} options `url` is where it serves, on this machine; `ca` vouches for it where that is https; `show` hears the app's
 *   output once it is ready
 * @returns {Promise<{ exited: Promise<{ code: number | null, signal: string | null }> }>}
 * @throws {Error} with the end of the app's output
 */
export async function supervise({ directory, url, ca, env, logFile, signal, children, show }) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  let ready = false;
  let ended = false;
  let tail = '';
  const { exited } = children.start(process.execPath, ['scripts/serve.mjs'], {
    cwd: directory,
    env: { PUBLIC_URL: url, ...env, PORT: new URL(url).port, HOSTNAME: '127.0.0.1' },
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
  const readyUrl = `${url}/health/ready`;
  const deadlineAtMs = performance.now() + readyTimeoutMs;
  while (!(await answersOk(readyUrl, ca))) {
    signal.throwIfAborted();
    const reason = ended
      ? 'ended'
      : performance.now() > deadlineAtMs
        ? `was not ready at ${readyUrl} in time`
        : undefined;
    if (reason) throw new Error(`The app ${reason}. Its last lines:\n${tail.trimEnd()}`);
    await sleep(100);
  }
  ready = true;
  return { exited };
}

/**
 * @param {string} url
 * @param {string | undefined} ca
 * @returns {Promise<boolean>}
 */
function answersOk(url, ca) {
  const { get } = url.startsWith('https:') ? https : http;
  return new Promise((resolve) => {
    const request = get(url, { timeout: 2_000, agent: false, ...(ca && { ca }) }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('close', () => resolve(false));
    request.once('error', () => resolve(false));
  });
}
