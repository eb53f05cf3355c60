/**
 * How evenly tenants lie on the shards of a Redis Cluster: by its own hash of the tenant's tag, slots in equal ranges,
 * tenants as busy as Zipf has it. The mean is a division; the busiest shard is whichever has the biggest tenants by
 * chance, for which there is no formula.
 *
 * node scaling/simulate-hot-tenants.mjs
 */
import { fileURLToPath } from 'node:url';
import { table } from '../lib/table.mjs';
import { zipfShares } from './random.mjs';

export const tenants = 100_000;
export const exponents = [0.8, 1, 1.2];
export const shardCounts = [1, 3, 8, 16, 32, 64, 128];

/** @returns {{ exponent: number, hottest: number, shards: { count: number, busiest: number }[] }[]} shares of all */
export function simulateHotTenants() {
  const slots = Array.from({ length: tenants }, (_, tenant) => slotOf(`tenant-${tenant}`));
  return exponents.map((exponent) => {
    const shares = zipfShares(tenants, exponent);
    const shards = shardCounts.map((count) => {
      const load = new Float64Array(count);
      // As `redis-cli --cluster create` shares them out.
      for (const [tenant, slot] of slots.entries())
        load[Math.floor((slot * count) / 16_384)] += shares[tenant];
      return { count, busiest: Math.max(...load) };
    });
    return { exponent, hottest: shares[0], shards };
  });
}

/** CRC16 (XMODEM) of a key's hash tag, by 16,384: Redis Cluster specification. */
function slotOf(tag) {
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc % 16_384;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = simulateHotTenants().map(({ exponent, hottest, shards }) => [
    exponent,
    hottest.toFixed(3),
    ...shards.map(({ count, busiest }) => (busiest * count).toFixed(2)),
  ]);
  console.log(table(['Zipf', 'hottest tenant', ...shardCounts.map((count) => `${count} shards`)], rows));
}
