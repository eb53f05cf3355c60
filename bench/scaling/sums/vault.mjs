import { assumptions, processesAt, tenantsAt } from '../assumptions.mjs';
import { zipfShares } from '../random.mjs';
import { bytes, loadName, num } from './words.mjs';

/** Defaults of createVault, in packages/crypto. */
const ttlS = 300;
const maxTenants = 10_000;

/** Tenants that a process meets within the life of a key. @param {number} share of all processes that a tenant goes to */
function metBy(load, share) {
  const { requestsPerProcess } = assumptions;
  const tenants = Math.ceil(tenantsAt(load) * share);
  const shares = zipfShares(tenants, 1);
  return shares.reduce((sum, part) => sum - Math.expm1(-part * requestsPerProcess * ttlS), 0);
}

function sumsAt(units, load) {
  const processes = processesAt(load);
  const met = metBy(load, 1);
  const metOfTwo = metBy(load, Math.min(1, 2 / processes));
  const callsPerS = (count) => (processes * count * units.vaultUnwraps) / ttlS;
  return { met, metOfTwo, calls: callsPerS(met), callsOfTwo: callsPerS(metOfTwo) };
}

export function vaultTable(units) {
  const { loads } = assumptions;
  const sums = loads.map((load) => sumsAt(units, load));
  const row = (what, cell) => [what, ...sums.map(cell)];
  return [
    ['data keys', ...loads.map(loadName)],
    row(`tenants that a process meets in ${ttlS} s, of any process`, ({ met }) => num(met)),
    row('the same, where a tenant goes to two processes', ({ metOfTwo }) => num(metOfTwo)),
    row(
      `their keys in a process, ${num(units.vaultTenantBytes)} B each, ${num(maxTenants)} at most`,
      ({ met }) => bytes(Math.min(maxTenants, met) * units.vaultTenantBytes),
    ),
    row(`calls of the KMS and of the store: P × met ÷ ${ttlS} s`, ({ calls }) => `${num(calls)}/s`),
    row('the same, where a tenant goes to two processes', ({ callsOfTwo }) => `${num(callsOfTwo)}/s`),
  ];
}

export function vaultSummary(units) {
  return {
    design: '[crypto](#data-keys): data keys',
    unit: `${num(units.vaultUnwraps)} call of the KMS for a tenant, a process and ${ttlS} s; ${num(units.vaultFieldUs)} µs a field`,
    limit: 'what the KMS allows: some thousands a second',
    cells: assumptions.loads.map((load) => `${num(sumsAt(units, load).calls)} calls/s`),
    next: 'a tenant’s requests to two processes; a longer `ttlMs`',
  };
}
