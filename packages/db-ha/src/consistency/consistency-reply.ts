import type { ConsistencyToken } from '../types';
import type { ConsistencyReply, OutgoingToken, SessionCluster } from './types';

/**
 * Watches one request's session from here on.
 *
 * @param send puts a token on its way
 */
export function consistencyReply(
  cluster: SessionCluster,
  send: (token: ConsistencyToken) => OutgoingToken,
): ConsistencyReply {
  const before = cluster.sessionTokenNow();

  return {
    async token() {
      const token = await cluster.sessionToken();
      return hasMoved(token) ? send(token) : undefined;
    },
    tokenNow() {
      const token = cluster.sessionTokenNow();
      return hasMoved(token) ? send(token) : undefined;
    },
  };

  /** A position that is still unknown may hide a write, also where it was unknown before. */
  function hasMoved(now: ConsistencyToken | undefined): now is ConsistencyToken {
    if (!now) return false;
    return (
      now.lsn === undefined ||
      now.lsn !== before?.lsn ||
      now.timeline !== before.timeline ||
      now.systemId !== before.systemId
    );
  }
}
