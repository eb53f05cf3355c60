import { availableParallelism, loadavg } from 'node:os';
import { formatScorecard, runDrills } from '@unite/ops/drill';
import { startScene } from './scene/start-scene.mjs';
import { drillsOn, sceneDrills } from './scene-drills.mjs';

/** How long a fault lasts, and how many good deployments there are. */
const long = { windowMs: 15_000, deployments: 3 };
const short = { windowMs: 4_000, deployments: 1 };

/** Every drill with what it is about, in the order in which they are played. */
export const listOfDrills = sceneDrills.map(({ name, about }) => ({ name, about }));

/**
 * Brings everything up, plays drills on it, and takes it down again.
 *
 * @param {{
 *   root: string, names: readonly string[], users: number, isQuick: boolean, signal: AbortSignal,
 *   progress: ReturnType<typeof import('../lib/progress.mjs').createProgress>,
 * }} options `names` of drills, none for all
 */
export async function playDrills({ root, names, users, isQuick, signal, progress }) {
  const isBusy = (loadavg()[0] ?? 0) > availableParallelism();
  const scene = await progress.step('Bringing everything up, with users on it', (note) =>
    startScene({ root, users, ...(isQuick ? short : long), note, signal }),
  );
  if (isBusy)
    progress.say('This machine is busy with something else: figures of time will be about that, too.');
  try {
    const card = await runDrills({
      drills: drillsOn(names, scene),
      signal,
      onProgress: ({ drill, text }) => progress.say(`      ${drill}: ${text}`),
    });
    const text = formatScorecard(card);
    progress.say(`\n${text}`);
    return { passed: card.passed, text };
  } finally {
    await scene.close();
  }
}
