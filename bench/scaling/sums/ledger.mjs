import { assumptions, processesAt, tenantsAt } from '../assumptions.mjs';
import { bytes, loadName, num } from './words.mjs';

const dayS = 86_400;
/** Time that a statement of the ledger takes, in which what comes meanwhile gathers. */
const statementS = 0.004;
const gatherS = 0.2;
/** Events that a process writes together. */
const batches = {
  'as they come': Math.max(1, assumptions.requestsPerProcess * statementS),
  'gathered for 200 ms': assumptions.requestsPerProcess * gatherS,
};

/** A statement has its own cost, and each event in it. */
export function eventUs(units, batch) {
  const statementUs = units.ledgerBatch1Us - units.ledgerBatch1000Us;
  return units.ledgerBatch1000Us + statementUs / batch;
}

export function ledgerTable(units) {
  const { loads } = assumptions;
  return [
    ['an event for each request', 'events in a statement', 'of PostgreSQL', ...loads.map(loadName)],
    ...Object.entries(batches).map(([name, batch]) => {
      const us = eventUs(units, batch);
      return [
        name,
        num(batch),
        `${num(us)} µs`,
        ...loads.map((load) => `${num((load * us) / 1e6)} processors`),
      ];
    }),
  ];
}

export function ledgerGrowthTable(units) {
  const { loads, ledgerDays } = assumptions;
  const row = (what, cell) => [what, ...loads.map(cell)];
  return [
    ['an event for each request', ...loads.map(loadName)],
    row('rows a day', (load) => num(load * dayS)),
    row(`kept a day, ${num(units.ledgerEventBytes)} B with two indexes`, (load) =>
      bytes(load * dayS * units.ledgerEventBytes),
    ),
    row(`kept for ${ledgerDays} days`, (load) => bytes(load * dayS * ledgerDays * units.ledgerEventBytes)),
    row(
      `to the replicas, ${num(units.ledgerWalBytes)} B each`,
      (load) => `${bytes(load * units.ledgerWalBytes)}/s`,
    ),
    row(
      `deleting as much, ${num(units.ledgerDeleteUs)} µs each`,
      (load) => `${num((load * units.ledgerDeleteUs) / 1e6)} processors`,
    ),
    row(
      `all tenants’ counts summed again, ${num(units.rehydrateUs)} µs each`,
      (load) => `${num((tenantsAt(load) * units.rehydrateUs) / 1e6)} s of a processor`,
    ),
    row('processes that write', (load) => num(processesAt(load))),
  ];
}

export function ledgerSummary(units) {
  const us = eventUs(units, batches['gathered for 200 ms']);
  const { databaseProcessors, busyShare, loads } = assumptions;
  return {
    design: '[quota](#the-ledger): the ledger',
    unit: `${num(eventUs(units, 1))} µs of PostgreSQL an event alone, ${num(us)} among ${batches['gathered for 200 ms']}; ${num(units.ledgerEventBytes)} B`,
    limit: `${num((databaseProcessors * busyShare * 1e6) / us)} events/s on ${databaseProcessors} processors`,
    cells: loads.map((load) => `${bytes(load * dayS * units.ledgerEventBytes)} a day`),
    next: 'events for what is sold alone; `gatherMs`; partitions by tenant; a ledger for each cell',
  };
}
