/**
 * What a fleet of processes finds in its own memory and in Redis, where a tenant's requests go to any process, and where
 * they go to two. There is a formula for one LRU cache, and none for many behind each other whose entries others
 * invalidate.
 *
 * node scaling/simulate-fleet-cache.mjs
 */
import { fileURLToPath } from 'node:url';
import { table } from '../lib/table.mjs';
import { assumptions } from './assumptions.mjs';
import { randomOf, zipf } from './random.mjs';

/** For each process, so that the service grows by its tenants. */
const tenantsPerProcess = 30;
const valuesPerTenant = 100;
const maxEntries = 20_000;
const [warmUpS, measuredS] = [120, 30];
export const fleets = [1, 4, 16, 67];

/** @returns {{ processes: number, routing: 'any' | 'two', memory: number, redis: number, loads: number }[]} */
export function simulateFleetCache() {
  return fleets.flatMap((processes) =>
    ['any', 'two'].map((routing) => ({ processes, routing, ...simulate(processes, routing) })),
  );
}

function simulate(processes, routing) {
  const random = randomOf(7);
  const tenantOf = zipf(tenantsPerProcess * processes, 1, random);
  const rankOf = zipf(valuesPerTenant, 0.8, random);
  const keyOf = (tenant) => tenant * valuesPerTenant + rankOf();
  const memories = Array.from({ length: processes }, () => new Map());
  const versions = new Map();
  const redis = new Map();
  const found = { memory: 0, redis: 0, loads: 0 };
  const { requestsPerProcess, writeShare, cacheReads } = assumptions;
  const perSecond = requestsPerProcess * processes;

  for (let request = 0; request < (warmUpS + measuredS) * perSecond; request += 1) {
    const tenant = tenantOf();
    if (random() < writeShare) write(tenant);
    const process = routing === 'any' ? Math.floor(random() * processes) : oneOfTwo(tenant);
    for (let read = 0; read < cacheReads; read += 1) {
      const where = readFrom(memories[process], keyOf(tenant));
      if (request >= warmUpS * perSecond) found[where] += 1;
    }
  }
  const reads = found.memory + found.redis + found.loads;
  const rest = Math.max(1, reads - found.memory);
  return {
    memory: found.memory / reads,
    redis: found.redis / rest,
    loads: (found.loads * cacheReads) / reads,
  };

  /** The changed row, and the first of the tenant's values, which is its list. */
  function write(tenant) {
    for (const key of [keyOf(tenant), tenant * valuesPerTenant])
      versions.set(key, (versions.get(key) ?? 0) + 1);
  }

  function oneOfTwo(tenant) {
    const first = (tenant * 7_919) % processes;
    return random() < 0.5 ? first : (first + Math.ceil(processes / 2)) % processes;
  }

  function readFrom(memory, key) {
    const version = versions.get(key) ?? 0;
    const held = memory.get(key);
    memory.delete(key);
    memory.set(key, version);
    if (held === version) return 'memory';
    if (memory.size > maxEntries) memory.delete(memory.keys().next().value);
    if (redis.get(key) === version) return 'redis';
    redis.set(key, version);
    return 'loads';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = simulateFleetCache().map(({ processes, routing, memory, redis, loads }) => [
    processes,
    routing,
    ...[memory, redis, loads].map((share) => share.toFixed(3)),
  ]);
  console.log(
    table(['processes', 'a tenant goes to', 'memory', 'Redis, of the rest', 'loads a request'], rows),
  );
}
