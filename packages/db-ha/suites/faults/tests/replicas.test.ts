import { expect, it } from '@jest/globals';
import { figures } from '../../patroni/harness/figures';
import { openLab } from '../harness/lab';
import { loseReplica, type ReplicaFigures, replicaFaults } from '../harness/replica-faults';
import { spread } from '../harness/spread';

const runs = Number(process.env.RUNS ?? 20);

it.each(replicaFaults)(`fails no read when a replica is %s, ${runs} times`, async (fault) => {
  await using lab = await openLab({ hasProxies: true });
  const seen: ReplicaFigures[] = [];
  for (let run = 1; run <= runs; run++) {
    const result = await loseReplica(lab, fault);
    seen.push(result);
    expect(result.failedReads).toEqual([]);
    expect(result.staleReads).toBe(0);
  }
  figures(`replica ${fault}, ${runs} times`, {
    reads: seen.reduce((total, { reads }) => total + reads, 0),
    'failed reads': 0,
    'out of rotation after ms (min/median/max)': spread(seen.map(({ outAfterMs }) => outAfterMs)),
    'back after ms (min/median/max)': spread(seen.map(({ backAfterMs }) => backAfterMs)),
    'slowest read ms (min/median/max)': spread(seen.map(({ slowestReadMs }) => slowestReadMs)),
  });
  expect(Math.max(...seen.map(({ outAfterMs }) => outAfterMs))).toBeLessThan(1_000);
});
