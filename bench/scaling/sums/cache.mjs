import { assumptions } from '../assumptions.mjs';
import { loadName, needed, num, percent } from './words.mjs';

const routings = { any: 'any process', two: 'one of two' };

/** The fleet that a cell has, where requests go to any process. */
export function cellHits({ fleetCache }) {
  return fleetCache.findLast(({ routing }) => routing === 'any');
}

export function fleetTable(_, { fleetCache }) {
  return [
    ['processes', 'a tenant goes to', 'found in memory', 'of the rest, in Redis', 'loads a request'],
    ...fleetCache.map(({ processes, routing, memory, redis, loads }) => [
      num(processes),
      routings[routing],
      percent(memory),
      percent(redis),
      num(loads),
    ]),
  ];
}

export function entriesSums(units, simulated, load) {
  const { cacheReads, busyShare } = assumptions;
  const { memory, redis, loads } = cellHits(simulated);
  const reads = load * cacheReads * (1 - memory);
  const fills = load * loads;
  const us = reads * units.cacheGetUs + fills * (units.cacheMissUs + units.cachePutUs);
  return { reads, fills, redis, seconds: us / 1e6, shards: needed(us / (busyShare * 1e6)) };
}

export function entriesTable(units, simulated) {
  const { loads } = assumptions;
  const sums = loads.map((load) => entriesSums(units, simulated, load));
  const row = (what, cell) => [what, ...sums.map(cell)];
  return [
    ['entries of the cache in Redis', ...loads.map(loadName)],
    row(
      `reads a second, ${percent(1 - cellHits(simulated).memory)} of those that a request wants`,
      ({ reads }) => num(reads),
    ),
    row('fills a second', ({ fills }) => num(fills)),
    row(
      `Redis: reads × ${num(units.cacheGetUs)} µs + fills × ${num(units.cacheMissUs + units.cachePutUs)} µs`,
      ({ seconds }) => `${num(seconds)} s/s`,
    ),
    row('shards', ({ shards }) => num(shards)),
  ];
}

export function entriesSummary(units, simulated) {
  const each = assumptions.busyShare * 1e6;
  return {
    design: '[cache](#the-cache): entries in Redis',
    unit: `${num(units.cacheGetUs)} µs of Redis a read`,
    limit: `${num(each / units.cacheGetUs)} reads/s a shard`,
    cells: assumptions.loads.map((load) => shardsText(entriesSums(units, simulated, load).shards)),
    next: 'Redis Cluster: each entry has a slot of its own',
  };
}

export const shardsText = (count) => `${num(count)} ${count === 1 ? 'shard' : 'shards'}`;
