import { type ManualClock, manualClock } from '@unite/shared/testing';
import { type Cluster, type ClusterOptions, createCluster } from '../src';
import type { PgClient, PgPool, PgPoolConstructor, PgResult } from '../src/driver-types';
import { type Answer, type FakeServer, fakeDriver, serverError } from './fake-driver';

/** A pool with the ways of asking that an application uses. */
export interface FakePoolView extends PgPool {
  query(query: unknown, values?: unknown, callback?: unknown): Promise<PgResult>;
  connect(): Promise<PgClient>;
  connect(callback: (...given: never[]) => void): void;
  readonly ending: boolean;
  readonly ended: boolean;
}

export interface FakeCluster {
  readonly db: Cluster<FakePoolView>;
  readonly clock: ManualClock;
}

type Options = Omit<Partial<ClusterOptions>, 'Pool' | 'clock'>;

/**
 * A cluster over fake servers, which are named as in `servers`. Time moves when the test says so, chance is
 * always the middle, and nothing needs to be closed in the end.
 */
export function createFakeCluster(
  servers: Readonly<Record<string, FakeServer>>,
  options: Options = {},
  clock = manualClock(),
): FakeCluster {
  const db = createCluster({
    nodes: Object.keys(servers).map((name) => ({ url: `postgres://${name}/app`, name })),
    Pool: fakeDriver(servers) as unknown as PgPoolConstructor<FakePoolView>,
    clock,
    random: () => 0.5,
    context: () => undefined,
    ...options,
  });
  return { db, clock };
}

/** The same, when it is ready. */
export async function openFakeCluster(
  servers: Readonly<Record<string, FakeServer>>,
  options?: Options,
  clock?: ManualClock,
): Promise<FakeCluster> {
  const cluster = createFakeCluster(servers, options, clock);
  await cluster.db.ready();
  return cluster;
}

/** What the cluster's own questions leave of the statements that reached a server. */
export function heardBy({ statements }: FakeServer): string[] {
  return statements.filter((text) => !text.includes('pg_control_system'));
}

/** What PostgreSQL answers to the commit of a transaction. */
export function committed(lsn: string | undefined = '0/3000148'): Answer {
  return [{ command: 'COMMIT' }, { rows: [{ lsn }], rowCount: 1, command: 'SELECT' }];
}

/** Answers as a healthy server, but for the statements that begin with one of the given words. */
export function answers(
  given: Readonly<Record<string, () => Answer | Promise<Answer>>> = {},
): FakeServer['answer'] {
  const all = { COMMIT: () => committed(), ROLLBACK: () => ({ command: 'ROLLBACK' }), ...given };
  return (text) => Object.entries(all).find(([start]) => text.startsWith(start))?.[1]() ?? {};
}

/** Never answers. */
export function silence(): Promise<Answer> {
  return new Promise(() => undefined);
}

/** A statement that runs until it is cancelled, and the cancelling of it. */
export function untilCancelled(start: string): Readonly<Record<string, () => Answer | Promise<Answer>>> {
  let cancel: (answer: Answer) => void = () => undefined;
  return {
    [start]: () =>
      new Promise((resolve) => {
        cancel = resolve;
      }),
    'SELECT pg_cancel_backend': () => {
      cancel(serverError('57014', 'canceling statement due to user request'));
      return { rows: [{ pg_cancel_backend: true }] };
    },
  };
}

/** What the driver says where nothing listens. */
export function refused(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
}

/** Takes a server away, with every connection to it. */
export function takeAway(server: FakeServer): void {
  server.refusal = refused();
  server.crash();
}

/** As after a failover: `to` has been promoted, and `from` does not know. */
export function promote(to: FakeServer): void {
  to.isReplica = false;
  to.timeline += 1;
}

/** The connections that the cluster keeps to a node for writes or for reads. */
export function poolOf(db: Cluster<FakePoolView>, name: string, purpose: 'write' | 'read') {
  return db
    .status()
    .nodes.find((node) => node.name === name)
    ?.pools.find((pool) => pool.purpose === purpose);
}
