import { assumptions } from '../assumptions.mjs';
import { bytes, loadName, needed, num } from './words.mjs';

/** Checks a second that one Redis takes at its planned share. */
const mostChecks = (us) => (assumptions.busyShare * 1e6) / us;

const kinds = (units) => [
  ['one limit', units.quotaCheck1Us],
  ['four limits', units.quotaCheck4Us],
  ['eight limits', units.quotaCheck8Us],
  ['four limits, with a ledger', units.quotaCheckLedger4Us],
];

export function quotaTable(units) {
  const { loads } = assumptions;
  return [
    [
      'one check',
      'of a Redis',
      'checks/s of one shard',
      ...loads.map((load) => `shards at ${loadName(load)}`),
    ],
    ...kinds(units).map(([name, us]) => [
      name,
      `${num(us)} µs`,
      num(mostChecks(us)),
      ...loads.map((load) => num(needed(load / mostChecks(us)))),
    ]),
  ];
}

export function quotaMemoryTable(units) {
  const tenants = [10_000, 1_000_000, 100_000_000];
  return [
    ['tenants with four limits', ...tenants.map(num)],
    [
      `counters, ${num(units.quotaTenant4Bytes)} B a tenant`,
      ...tenants.map((count) => bytes(count * units.quotaTenant4Bytes)),
    ],
  ];
}

export function quotaSummary(units) {
  const us = units.quotaCheck4Us;
  return {
    design: 'quota: a check of four limits',
    unit: `${num(us)} µs of Redis`,
    limit: `${num(mostChecks(us))} checks/s a shard`,
    cells: assumptions.loads.map((load) => `${num(needed(load / mostChecks(us)))} shards`),
    next: 'Redis Cluster: a tenant is a slot; then what the hottest tenant may',
  };
}
