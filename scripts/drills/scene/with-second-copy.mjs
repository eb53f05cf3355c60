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
  run.note(`starting a second copy on ${slot.name}`);
  const copy = await crm.start(slot, { RELEASE: 'second', DEPLOYMENT: 'second' });
  run.undo(() => copy.stop());
  await crm.untilUp([slot.name]);
  await work();
  // What it has counted goes with it.
  await metrics.refresh();
}
