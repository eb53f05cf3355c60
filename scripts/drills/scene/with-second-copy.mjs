import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any request of the users takes, in milliseconds. */
const drainMs = 1_500;

/**
 * Runs `work` while a second copy shares the requests.
 *
 * @param {import('./start-scene.mjs').Scene} scene
 * @param {import('@unite/ops/drill').DrillRun} run
 * @param {() => Promise<void>} work
 */
export async function withSecondCopy({ crm, metrics }, run, work) {
  const slot = crm.slots.find(({ name }) => !crm.copies.has(name));
  if (!slot) throw new Error('Both slots have a copy');
  const server = `${crm.backend}/${slot.name}`;
  run.note(`starting a second copy on ${slot.name}`);
  const copy = await crm.start(slot, { RELEASE: 'second', DEPLOYMENT: 'second' });
  run.undo(async () => {
    // A connection that the proxy keeps for the next request must not end under it.
    await crm.haproxy.command(`set server ${server} state drain`);
    await sleep(drainMs);
    await copy.stop();
    await crm.haproxy.command(`set server ${server} state ready`);
  });
  await crm.untilUp([slot.name]);
  await work();
  // What it has counted goes with it.
  await metrics.refresh();
}
