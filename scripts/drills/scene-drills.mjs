import { artefacts } from './checks/artefacts.mjs';
import { budgets } from './checks/budgets.mjs';
import { encryptedAtRest } from './checks/encrypted-at-rest.mjs';
import { errorsCaptured } from './checks/errors-captured.mjs';
import { metricsPresent } from './checks/metrics-present.mjs';
import { rateLimits } from './checks/rate-limits.mjs';
import { requestsTraced } from './checks/requests-traced.mjs';
import { rolesHold } from './checks/roles.mjs';
import { screens } from './checks/screens.mjs';
import { signInWithPkce } from './checks/sign-in.mjs';
import { tlsEverywhere } from './checks/tls-everywhere.mjs';
import { badBuilds } from './game-days/bad-builds.mjs';
import { cutCollector } from './game-days/cut-collector.mjs';
import { fullDisk } from './game-days/full-disk.mjs';
import { killPrimary } from './game-days/kill-primary.mjs';
import { killReplica } from './game-days/kill-replica.mjs';
import { loseRedis } from './game-days/lose-redis.mjs';
import { rollingDeployments } from './game-days/rolling-deployments.mjs';
import { shredKey } from './game-days/shred-key.mjs';
import { recoveryGameDays } from './recovery/index.mjs';
import { wholeRun } from './whole-run.mjs';

/** While nothing is broken, with the users there. */
const calm = [
  requestsTraced,
  metricsPresent,
  errorsCaptured,
  rateLimits,
  signInWithPkce,
  rolesHold,
  encryptedAtRest,
];

/** What cannot be taken back stands last. */
const gameDays = [
  killReplica,
  loseRedis,
  cutCollector,
  fullDisk,
  rollingDeployments,
  badBuilds,
  ...recoveryGameDays,
  killPrimary,
  shredKey,
];

/** What would take the machine from the users is looked at when they have gone. */
const afterwards = [screens, tlsEverywhere, budgets, artefacts];

/**
 * Every drill, in the order in which they are played. Whichever are chosen, `whole-run` is among them.
 *
 * @type {readonly import('./scene/start-scene.mjs').SceneDrill[]}
 */
export const sceneDrills = [...calm, ...gameDays, wholeRun, ...afterwards];

/**
 * @param {readonly string[]} only names, none for all
 * @param {import('./scene/start-scene.mjs').Scene} scene
 * @returns {import('@unite/ops/drill').Drill[]}
 */
export function drillsOn(only, scene) {
  return sceneDrills
    .filter((drill) => only.length === 0 || drill === wholeRun || only.includes(drill.name))
    .map((drill) => ({ ...drill, targets: scene.targets, run: (run) => drill.run(scene, run) }));
}
