import { spawn } from 'node:child_process';

/** How long a child may take to end in good order, in milliseconds. */
const graceMs = 10_000;

/**
 * The processes that this one runs, each at the head of a process group of its own: Ctrl-C reaches only
 * this process, which then ends them in order, with everything they started in turn.
 *
 * @param {import('../services/src/plain/guard.mjs').Guard} guard
 */
export function createChildren(guard) {
  /** @type {Set<import('node:child_process').ChildProcess>} */
  const live = new Set();

  /**
   * @param {string} command
   * @param {readonly string[]} args
   * @param {{ cwd: string, env: NodeJS.ProcessEnv, onOutput: (text: string) => void }} options
   * @returns {{ pid: number | undefined, exited: Promise<{ code: number | null, signal: string | null }>, kill: () => void }}
   */
  function start(command, args, { cwd, env, onOutput }) {
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', onOutput);
    const group = child.pid === undefined ? undefined : -child.pid;
    if (group !== undefined) {
      live.add(child);
      guard.watch(group);
    }
    const exited = new Promise((resolve) => {
      child.once('error', (error) => {
        onOutput(`${error.message}\n`);
        resolve({ code: -1, signal: null });
      });
      child.once('exit', () => {
        // Whatever it left in its group, such as a build's workers.
        if (group !== undefined) send(group, 'SIGKILL');
      });
      child.once('close', (code, signal) => {
        live.delete(child);
        if (group !== undefined) guard.forget(group);
        resolve({ code, signal });
      });
    });
    return { pid: child.pid, exited, kill: () => group !== undefined && send(group, 'SIGKILL') };
  }

  /** Ends all of them: asks, and after a while insists. */
  async function endAll() {
    if (live.size === 0) return;
    const ended = Promise.all(
      [...live].map((child) => new Promise((resolve) => child.once('close', resolve))),
    );
    for (const child of live) send(-Number(child.pid), 'SIGTERM');
    const timer = setTimeout(killAll, graceMs);
    await ended;
    clearTimeout(timer);
  }

  function killAll() {
    for (const child of live) send(-Number(child.pid), 'SIGKILL');
  }

  return { start, endAll, killAll };
}

/** @typedef {ReturnType<typeof createChildren>} Children */

/**
 * @param {number} target
 * @param {NodeJS.Signals} signal
 */
function send(target, signal) {
  try {
    process.kill(target, signal);
  } catch {
    // Already gone.
  }
}
