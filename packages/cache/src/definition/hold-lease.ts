import { randomUUID } from 'node:crypto';
import { wakeAfter } from '@unite/shared';
import type { CacheInternals } from '../internal-types';
import type { Lease } from '../remote-types';

/** For how long others wait without a sign of the process that loads, in milliseconds; it may have died. */
const leaseMs = 600;
const renewEveryMs = 200;

export function newLease(loadTimeoutMs: number): Lease {
  return { id: randomUUID(), ttlMs: Math.min(leaseMs, loadTimeoutMs) };
}

/**
 * Shows the others that this process is at it: a load has an end of its own, `loadTimeoutMs`.
 *
 * @returns ends it
 */
export function holdLease({ clock, remote }: CacheInternals, key: string, lease: Lease): () => void {
  let callOff = wakeAfter(clock, renewEveryMs, renew);
  return () => callOff();

  function renew(): void {
    callOff = wakeAfter(clock, renewEveryMs, renew);
    if (!remote?.health.isDown) remote?.connection.lease(key, lease).catch(() => undefined);
  }
}
