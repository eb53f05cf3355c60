import { startLoad } from '../../patroni/harness/start-load';
import { waitUntil } from '../../patroni/harness/wait-until';
import type { Lab } from './lab';

/** Ways to lose a replica. */
export const replicaFaults = ['killed', 'frozen', 'cut off'] as const;
export type ReplicaFault = (typeof replicaFaults)[number];

/** What losing a replica under load showed. */
export interface ReplicaFigures {
  /** From the fault until no read is sent there. */
  readonly outAfterMs: number;
  /** From its end until the replica serves reads again. */
  readonly backAfterMs: number;
  readonly slowestReadMs: number;
  readonly reads: number;
  readonly failedReads: readonly unknown[];
  readonly staleReads: number;
}

/** Loses the first replica under a load of reads and writes, and brings it back. */
export async function loseReplica(
  { db, replicas, proxies }: Lab,
  fault: ReplicaFault,
): Promise<ReplicaFigures> {
  const [replica] = replicas;
  const proxy = proxies[1];
  if (!replica || !proxy) throw new Error('the lab has no replica behind a proxy');
  const stateOf = () => db.status().nodes.find(({ name }) => name === replica.name)?.state;
  const load = startLoad(db, { keyedWriters: 1, plainWriters: 1, readers: 6 });
  const readsOn = () => load.reads.filter(({ port }) => port === replica.port).length;
  await waitUntil(() => readsOn() > 50, { what: 'the replica serves reads' });

  const brokenAtMs = performance.now();
  if (fault === 'cut off') proxy.set('blackhole');
  else await replica.kill(fault === 'killed' ? 'SIGKILL' : 'SIGSTOP');
  const outAtMs = await waitUntil(() => stateOf() !== 'up' && performance.now(), {
    what: `the ${fault} replica is out of rotation`,
    everyMs: 1,
  });
  const readsBefore = load.reads.length;
  await waitUntil(() => load.reads.length > readsBefore + 200, { what: 'reads go on without it' });

  const mendedAtMs = performance.now();
  if (fault === 'cut off') proxy.set('pass');
  else if (fault === 'killed') await replica.start();
  else await replica.kill('SIGCONT');
  const readsOnBefore = readsOn();
  await waitUntil(() => readsOn() > readsOnBefore, {
    what: `the ${fault} replica serves reads again`,
    everyMs: 5,
    explain: () => JSON.stringify(db.status().nodes),
  });
  const backAtMs = performance.now();
  await load.stop();
  return {
    outAfterMs: outAtMs - brokenAtMs,
    backAfterMs: backAtMs - mendedAtMs,
    slowestReadMs: Math.max(...load.reads.map(({ tookMs }) => tookMs)),
    reads: load.reads.length,
    failedReads: load.failedReads,
    staleReads: load.staleReads,
  };
}
