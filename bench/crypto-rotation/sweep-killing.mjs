import { fork } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('sweeper.mjs', import.meta.url));

/** Sweeps in processes of their own, of which so many are killed on their way. */
export async function sweepKilling(shared, { rows, kills, batchRows }) {
  const startMs = performance.now();
  let killed = 0;
  let resumed = 0;
  for (;;) {
    // Each gets a part of the rows done before it ends.
    const killAfter = killed < kills ? Math.floor(rows / (kills + 1)) : Infinity;
    const { report, failure, message, wentOn } = await runSweep({ ...shared, batchRows }, killAfter);
    if (wentOn && killed > 0) resumed += 1;
    if (report) {
      return { report, kills: killed, resumed, durationMs: performance.now() - startMs };
    }
    if (failure === 'UNITE_CRYPTO_SWEEP_RUNNING') {
      // The server has not seen yet that the one before is gone.
      await setTimeout(20);
    } else if (failure) {
      throw new Error(`${failure}: ${message}`);
    } else {
      killed += 1;
    }
  }
}

function runSweep(options, killAfter) {
  return new Promise((resolve) => {
    const child = fork(program, [JSON.stringify(options)]);
    let outcome = {};
    let before;
    child.on('message', (message) => {
      outcome = { ...outcome, ...message };
      // What earlier runs did is told with the first batch of a tenant that they began.
      before ??= message.rewritten;
      if (message.rewritten - before >= killAfter) child.kill('SIGKILL');
    });
    child.on('exit', () => resolve(outcome));
  });
}
