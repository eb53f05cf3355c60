import { once } from '@unite/core/once';
import { checkTlsPosture, type TlsHop } from '@unite/crypto/tls';
import { requirePermission } from '../current-session';
import { tlsHops } from './tls-hops';

/** Handshakes are cheap, and not so cheap that whoever reloads the screen should make them. */
const lookEveryMs = 60_000;

/** How every hop is encrypted, as it was found at that time. */
export interface TlsPosture {
  readonly atMs: number;
  readonly hops: readonly TlsHop[];
}

const latest = once('crm.tls-posture', () => ({
  atMs: 0,
  hops: undefined as Promise<TlsPosture> | undefined,
}));

/**
 * Looks at most once a minute, for all who ask.
 *
 * @throws ProblemError `sign-in-required` or `forbidden`
 */
export function readTlsPosture(): Promise<TlsPosture> {
  requirePermission('read ops');
  const atMs = Date.now();
  if (latest.hops === undefined || atMs - latest.atMs > lookEveryMs) {
    latest.atMs = atMs;
    latest.hops = checkTlsPosture({ hops: tlsHops(), timeoutMs: 3_000 }).then((hops) => ({ atMs, hops }));
  }
  return latest.hops;
}
