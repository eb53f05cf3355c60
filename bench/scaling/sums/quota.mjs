import { assumptions, tenantsAt } from '../assumptions.mjs';
import { shardsText } from './cache.mjs';
import { bytes, loadName, needed, num, percent } from './words.mjs';

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
    ['one check', 'of a Redis', 'checks/s of a shard', ...loads.map((load) => `shards at ${loadName(load)}`)],
    ...kinds(units).map(([name, us]) => [
      name,
      `${num(us)} µs`,
      num(mostChecks(us)),
      ...loads.map((load) => num(needed(load / mostChecks(us)))),
    ]),
    [
      `counters of all tenants, ${num(units.quotaTenant4Bytes)} B each`,
      '',
      '',
      ...loads.map((load) => bytes(tenantsAt(load) * units.quotaTenant4Bytes)),
    ],
  ];
}

/** By how much the busiest shard is above the mean, and what all shards then serve. */
export function hotTenantsTable(units, { hotTenants }) {
  const counts = hotTenants[0].shards.map(({ count }) => count);
  const most = mostChecks(units.quotaCheck4Us);
  return [
    ['tenants by Zipf', 'the hottest has', ...counts.map((count) => shardsText(count))],
    ...hotTenants.flatMap(({ exponent, hottest, shards }) => [
      [
        `${exponent}: busiest ÷ mean`,
        percent(hottest),
        ...shards.map(({ count, busiest }) => num(busiest * count)),
      ],
      ['checks/s until the busiest is full', '', ...shards.map(({ busiest }) => num(most / busiest))],
    ]),
  ];
}

export function quotaSummary(units) {
  const us = units.quotaCheck4Us;
  return {
    design: '[quota](#quotas): a check of four limits',
    unit: `${num(us)} µs of Redis, with a ledger ${num(units.quotaCheckLedger4Us)}`,
    limit: `${num(mostChecks(us))} checks/s a shard, and a tenant`,
    cells: assumptions.loads.map((load) => shardsText(needed(load / mostChecks(us)))),
    next: 'Redis Cluster: a tenant is a slot; then the hottest tenant',
  };
}
