import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { DeploySlot, ReleaseCommand, ReleaseProcess } from './deploy-types';
import type { DeployPlan } from './plan-deploy';
import { endProcess, identify } from './process-id';
import type { SlotProcesses } from './slot-processes';
import { tailOf } from './tail-of';

/**
 * Starts a release that outlives this process: in a session of its own, with its output in a file. Its number is noted,
 * so that the next deployment can end it.
 *
 * Rejects where it cannot be started: no such program, no such folder.
 */
export async function startCommand(
  { command, env = process.env, cwd }: ReleaseCommand,
  slot: DeploySlot,
  { release, deployment, stopMs }: DeployPlan,
  processes: SlotProcesses,
): Promise<ReleaseProcess> {
  const logFile = processes.logOf(slot.name);
  const log = openSync(logFile, 'w');
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...env,
      PORT: String(slot.port),
      HOST: slot.host,
      // As Next.js calls it.
      HOSTNAME: slot.host,
      RELEASE: release,
      DEPLOYMENT: deployment,
    },
  });
  closeSync(log);
  await once(child, 'spawn');
  child.unref();
  const id = identify(child.pid as number);
  processes.set(slot.name, id);
  return {
    stop: async () => {
      if (id) await endProcess(id, stopMs);
    },
    exited: once(child, 'exit').then(([code, signal]) => ({ code: code ?? signal, output: tailOf(logFile) })),
  };
}
