import { connect } from 'node:net';
import { endsWithin, systemClock } from '@unite/shared';
import { OpsError } from '../errors';
import type { DeploySlot, ReleaseProcess } from './deploy-types';

/** Ends a release, and waits at most so long. Never rejects. @returns whether it is gone */
export async function endRelease(release: ReleaseProcess, timeoutMs: number): Promise<boolean> {
  // In a promise, for one that throws at once.
  const stopping = Promise.resolve().then(() => release.stop());
  let isGone = true;
  stopping.catch(() => {
    isGone = false;
  });
  return (await endsWithin(stopping, timeoutMs, systemClock)) && isGone;
}

/** @throws OpsError `UNITE_OPS_DEPLOY_REFUSED` when somebody listens where the new release is to */
export async function requireFree({ name, host, port }: DeploySlot): Promise<void> {
  const isTaken = await new Promise<boolean>((resolve) => {
    const socket = connect({ host, port });
    const finish = (taken: boolean): void => {
      socket.destroy();
      resolve(taken);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.setTimeout(1_000, () => finish(false));
  });
  if (!isTaken) return;
  throw new OpsError(
    'UNITE_OPS_DEPLOY_REFUSED',
    `somebody listens on ${host}:${port}, where the new release is to (${name}), and no deployment has started it`,
  );
}
