import { spawn } from 'node:child_process';
import { once } from 'node:events';

const live = new Set();
process.once('exit', () => {
  for (const copy of live) copy.kill('SIGKILL');
});

/**
 * Starts a copy of an application and waits until it is ready.
 *
 * @param {string} script
 * @param {{ port: number, args?: readonly string[], env?: NodeJS.ProcessEnv }} options
 */
export async function startCopy(script, { port, args = [], env = {} }) {
  const { PATH, HOME } = process.env;
  const copy = spawn(process.execPath, [script, ...args], {
    env: { PATH, HOME, ...env, PORT: String(port), HOSTNAME: '127.0.0.1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  copy.stderr.setEncoding('utf8').on('data', (text) => {
    said = `${said}${text}`.slice(-4_000);
  });
  live.add(copy);
  const ended = once(copy, 'exit').then(() => {
    throw new Error(`${script} ended at the start:\n${said}`);
  });
  ended.catch(() => undefined);
  await Promise.race([untilReady(port), ended]);
  copy.once('exit', (code) => {
    live.delete(copy);
    if (code !== 0) console.error(said);
  });
  return copy;
}

async function untilReady(port) {
  for (const deadlineAtMs = Date.now() + 30_000; ; ) {
    const isReady = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (Date.now() > deadlineAtMs) throw new Error(`port ${port} was not ready within 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
