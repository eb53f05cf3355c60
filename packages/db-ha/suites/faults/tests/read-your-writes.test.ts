import { expect, it } from '@jest/globals';
import { figures } from '../../patroni/harness/figures';
import { openLab } from '../harness/lab';
import { readYourWrites, waitOfKnownPosition } from '../harness/read-your-writes';

const pairs = Number(process.env.PAIRS ?? 100_000);

it(`shows every session its own writes, ${pairs} times, while replay is paused at random`, async () => {
  await using lab = await openLab();
  const result = await readYourWrites(lab, pairs);
  const { knownMs, freeMs } = await waitOfKnownPosition(lab, 5_000);
  figures('read your writes', { ...result });
  process.stdout.write(
    `p95 of a read: ${knownMs.toFixed(3)} ms with a position that the replica is known to have, ${freeMs.toFixed(3)} ms with none\n`,
  );
  expect(result.stale).toBe(0);
  expect(result.fromReplicas).toBeGreaterThan(pairs / 10);
  expect(knownMs - freeMs).toBeLessThan(1);
});
