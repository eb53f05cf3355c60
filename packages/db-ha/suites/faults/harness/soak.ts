import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresNode } from '@unite/services';
import type { LedgerEntry } from '../../patroni/harness/ledger';
import { startLoad } from '../../patroni/harness/start-load';
import { waitUntil } from '../../patroni/harness/wait-until';
import { auditLedger } from './audit-ledger';
import { ask, type Lab, openLab, promote } from './lab';

/** What a time of random faults showed. */
export interface SoakFigures {
  readonly faults: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly undead: number;
  readonly unknown: number;
  readonly refused: number;
  readonly reads: number;
  readonly failedReads: Readonly<Record<string, number>>;
  readonly staleReads: number;
  /** Rejections that nobody handled, and exceptions that nobody caught. */
  readonly unhandled: readonly unknown[];
  /** Longest time that any call took, in milliseconds. */
  readonly slowestMs: number;
  /** Heap in use at the end, after a collection, in MiB. */
  readonly heapMiB: number;
}

/** Longest time for one call; none may take longer, whatever breaks. */
export const queryTimeoutMs = 5_000;

/**
 * Breaks servers and networks at random for a while, several at a time, on one cluster after the other: each
 * ends with a failover. Everything has to be well in the end, and nobody may have been told a lie.
 */
export async function soak(durationMs: number, perClusterMs = 60_000): Promise<SoakFigures> {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  process.on('uncaughtExceptionMonitor', note);
  const rounds: Awaited<ReturnType<typeof round>>[] = [];
  try {
    const endsAtMs = performance.now() + durationMs;
    while (performance.now() < endsAtMs)
      rounds.push(await round(Math.min(perClusterMs, endsAtMs - performance.now())));
  } finally {
    process.removeListener('unhandledRejection', note);
    process.removeListener('uncaughtExceptionMonitor', note);
  }
  globalThis.gc?.();
  const sum = (pick: (one: (typeof rounds)[number]) => number) =>
    rounds.reduce((total, one) => total + pick(one), 0);
  return {
    faults: tally(rounds.flatMap(({ faults }) => faults)),
    acknowledged: sum(({ audit }) => audit.acknowledged),
    lost: sum(({ audit }) => audit.lost),
    duplicated: sum(({ audit }) => audit.duplicated),
    undead: sum(({ audit }) => audit.undead),
    unknown: sum(({ audit }) => audit.unknown),
    refused: sum(({ audit }) => audit.refused),
    reads: sum(({ reads }) => reads),
    failedReads: tally(rounds.flatMap(({ failedReads }) => failedReads)),
    staleReads: sum(({ staleReads }) => staleReads),
    unhandled: [...unhandled, ...rounds.flatMap(({ strangeErrors }) => strangeErrors)],
    slowestMs: Math.max(...rounds.map(({ slowestMs }) => slowestMs)),
    heapMiB: process.memoryUsage().heapUsed / 2 ** 20,
  };
}

async function round(durationMs: number) {
  await using lab = await openLab({
    isSynchronous: true,
    hasProxies: true,
    queryTimeoutMs,
    failover: { timeoutMs: 4_000 },
  });
  const load = startLoad(lab.db, { pauseMs: 2 });
  const faults: string[] = [];
  const endsAtMs = performance.now() + durationMs;
  const breakers = [0, 1].map(async (at) => {
    while (performance.now() < endsAtMs) {
      const [name, fault] = pick(Object.entries(faultsOf(lab, at)));
      faults.push(name);
      await fault();
      await sleep(Math.random() * 500);
    }
  });
  await Promise.all(breakers);
  await waitUntil(() => lab.db.status().nodes.every(({ state }) => state === 'up'), {
    what: 'every node is up again',
    timeoutMs: 20_000,
    explain: () => JSON.stringify(lab.db.status().nodes),
  });
  const leader = await failOver(lab);
  faults.push('failover');
  await waitUntil(() => load.acknowledgedBy(leader.port).length > 20, {
    what: 'writes go on after the failover',
  });
  await load.stop();
  const entries: readonly LedgerEntry[] = load.writes;
  return {
    faults,
    audit: await auditLedger(leader, entries),
    reads: load.reads.length,
    failedReads: load.failedReads.map((error) => String((error as { code?: unknown }).code ?? error)),
    staleReads: load.staleReads,
    strangeErrors: load.strangeErrors,
    slowestMs: Math.max(
      ...entries.map(({ startedAtMs, endedAtMs }) => endedAtMs - startedAtMs),
      ...load.reads.map(({ tookMs }) => tookMs),
    ),
  };
}

/** Each breaks something for a while and mends it. The first set is the primary's, the second the replicas'. */
function faultsOf({ primary, replicas, proxies }: Lab, at: number): Record<string, () => Promise<void>> {
  const node = at === 0 ? primary : pick(replicas);
  const proxy = proxies[at === 0 ? 0 : replicas.indexOf(node) + 1];
  if (!proxy) throw new Error('the lab has no proxies');
  const role = at === 0 ? 'primary' : 'replica';
  const during = async (set: () => unknown, mend: () => unknown, longestMs: number) => {
    await set();
    await sleep(Math.random() * longestMs);
    await mend();
  };
  const pass = () => proxy.set('pass');
  return {
    [`${role} killed`]: () =>
      during(
        () => node.kill('SIGKILL'),
        () => node.start(),
        1_000,
      ),
    [`${role} frozen`]: () =>
      during(
        () => node.kill('SIGSTOP'),
        () => node.kill('SIGCONT'),
        3_000,
      ),
    [`${role} cut off`]: () => during(() => proxy.set('blackhole'), pass, 3_000),
    [`${role} late`]: () => during(() => proxy.set({ mode: 'delay', delayMs: 40 }), pass, 2_000),
    [`${role} mute`]: () => during(() => proxy.set({ mode: 'dropReply' }), pass, 2_000),
    [`${role} reset`]: () => during(() => proxy.set('reset'), pass, 1_000),
    [`${role} refuses`]: () => during(() => proxy.set('refuse'), pass, 1_000),
    [`${role} connections ended`]: async () => {
      await ask(
        node,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      );
    },
  };
}

async function failOver({ primary, replicas, db }: Lab): Promise<PostgresNode> {
  await primary.kill('SIGKILL');
  const { node } = await promote(replicas);
  await waitUntil(() => db.status().primary === node.name, { what: 'the new primary is known' });
  return node;
}

function pick<Value>(values: readonly Value[]): Value {
  return values[Math.floor(Math.random() * values.length)] as Value;
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
