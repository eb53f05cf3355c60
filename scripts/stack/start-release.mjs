import { join } from 'node:path';

/** Longer than any copy takes to drain, in milliseconds. */
const stopTimeoutMs = 40_000;

/**
 * Starts a copy of an application on its slot. It is not waited for: whoever deploys it asks for its health.
 *
 * @param {{
 *   directory: string, slot: { host: string, port: number }, env: NodeJS.ProcessEnv,
 *   children: import('../lib/children.mjs').Children,
 * }} options
 * @returns a `ReleaseProcess` of `@unite/ops/deploy`, with its process id
 */
export function startRelease({ directory, slot, env, children }) {
  const { PATH, HOME } = process.env;
  let output = '';
  const child = children.start(process.execPath, [join(directory, 'scripts', 'serve.mjs')], {
    cwd: directory,
    // Next.js and Express each have a variable for the host.
    env: { PATH, HOME, ...env, PORT: String(slot.port), HOSTNAME: slot.host, HOST: slot.host },
    onOutput: (text) => {
      output = `${output}${text}`.slice(-4_000);
    },
  });
  const exited = child.exited.then(({ code, signal }) => ({ code: code ?? signal, output }));
  return {
    pid: child.pid,
    exited,
    async stop() {
      signalTo(child.pid, 'SIGTERM');
      const timer = setTimeout(child.kill, stopTimeoutMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** @typedef {ReturnType<typeof startRelease>} Release */

/**
 * @param {number | undefined} pid
 * @param {NodeJS.Signals} signal
 */
function signalTo(pid, signal) {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch {
    // Already gone.
  }
}
