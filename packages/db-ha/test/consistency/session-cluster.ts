import { currentContext } from '@unite/core/context';
import type { SessionCluster } from '../../src/consistency';
import type { ConsistencyToken } from '../../src/types';

const state = Symbol('session');

/** A cluster's sessions without a database. Each request's context has its own. */
export interface FakeCluster extends SessionCluster {
  /** A statement of its own: how far the log is now stays open. */
  write(): void;
  /** A transaction, which learns how far the log is when it commits. */
  commit(): void;
  /** A read on a replica, for which a position that is still open is found out. */
  readReplica(): Promise<void>;
  /** How often the primary was asked for its position. */
  asked: number;
  /** How far the log is. */
  lsn: bigint;
}

export const systemId = '7412345678901234567';

export function fakeCluster(): FakeCluster {
  const process = new Map<symbol, unknown>();
  const session = () => currentContext()?.state ?? process;
  const here = (lsn: bigint | undefined): ConsistencyToken => ({ systemId, timeline: 1, lsn });
  const cluster: FakeCluster = {
    asked: 0,
    lsn: 0x3000148n,
    write() {
      cluster.lsn += 8n;
      session().set(state, here(undefined));
    },
    commit() {
      cluster.lsn += 8n;
      session().set(state, here(cluster.lsn));
    },
    async readReplica() {
      await cluster.sessionToken();
    },
    sessionTokenNow: () => session().get(state) as ConsistencyToken | undefined,
    async sessionToken() {
      const token = cluster.sessionTokenNow();
      if (!token || token.lsn !== undefined) return token;
      const mine = session();
      await Promise.resolve();
      cluster.asked++;
      mine.set(state, here(cluster.lsn));
      return here(cluster.lsn);
    },
    advanceSession(token) {
      if (token.systemId !== systemId) return;
      const mine = cluster.sessionTokenNow();
      if (mine?.lsn === undefined && mine) return;
      if (token.lsn === undefined || token.lsn > (mine?.lsn ?? -1n)) session().set(state, token);
    },
  };
  return cluster;
}
