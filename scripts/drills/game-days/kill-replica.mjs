import { setTimeout as sleep } from 'node:timers/promises';
import { verdict } from '../scene/verdict.mjs';

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const killReplica = {
  name: 'kill-replica',
  about: 'A replica is cut off from power and comes back: no request fails.',
  async run({ postgres, load, windowMs, untilNodes }, run) {
    const replica = postgres.nodes.at(-1);
    if (!replica) throw new Error('There is no replica');
    const mark = load.mark();
    run.undo(() => replica.start());
    run.note(`killing ${replica.name}`);
    await replica.kill('SIGKILL');
    await untilNodes(
      'the application sees it down',
      (nodes) => nodes.some(({ state }) => state === 'down'),
      run.signal,
    );
    await sleep(windowMs, undefined, { signal: run.signal });
    run.note(`starting ${replica.name} again`);
    await replica.start();
    await untilNodes('it serves again', (nodes) => nodes.every(({ state }) => state === 'up'), run.signal);
    const { requests, errors } = await load.since(mark);
    run.score(
      verdict(
        'a lost replica fails no request',
        errors === 0 && requests > 0,
        `${errors} of ${requests} failed`,
        {
          requests,
          errors,
        },
      ),
    );
  },
};
