import { table } from '../../lib/table.mjs';
import { assumptions } from '../assumptions.mjs';
import { entriesSummary, entriesTable, fleetTable } from './cache.mjs';
import { assumptionsTable, cellsTable, machineText } from './cells.mjs';
import {
  connectionsSummary,
  connectionsTable,
  databaseTable,
  ownReadsTable,
  statementsSummary,
} from './database.mjs';
import { ledgerGrowthTable, ledgerSummary, ledgerTable } from './ledger.mjs';
import { horizonTable, logSummary, logTable } from './log.mjs';
import { hotTenantsTable, quotaSummary, quotaTable } from './quota.mjs';
import { metricsSummary, metricsTable, tracesSummary, tracesTable } from './telemetry.mjs';
import { vaultSummary, vaultTable } from './vault.mjs';
import { loadName } from './words.mjs';

const summaries = [
  logSummary,
  entriesSummary,
  quotaSummary,
  ledgerSummary,
  statementsSummary,
  connectionsSummary,
  tracesSummary,
  metricsSummary,
  vaultSummary,
];

const tables = {
  assumptions: assumptionsTable,
  cells: cellsTable,
  fleet: fleetTable,
  entries: entriesTable,
  log: logTable,
  horizon: horizonTable,
  quota: quotaTable,
  'hot-tenants': hotTenantsTable,
  ledger: ledgerTable,
  'ledger-growth': ledgerGrowthTable,
  database: databaseTable,
  connections: connectionsTable,
  'own-reads': ownReadsTable,
  traces: tracesTable,
  metrics: metricsTable,
  vault: vaultTable,
};

/**
 * Every sum in docs/scaling.md, as text by the name of its place.
 *
 * @param {Record<string, number>} units what was measured
 * @param {ReturnType<import('../simulate.mjs').readSimulated>} simulated
 * @param {ReturnType<import('../measured.mjs').readMachine>} machine
 */
export function blocks(units, simulated, machine) {
  const texts = Object.entries(tables).map(([name, rows]) => [name, markdown(rows(units, simulated))]);
  return {
    machine: machineText(machine),
    summary: markdown(summary(units, simulated)),
    ...Object.fromEntries(texts),
  };
}

function summary(units, simulated) {
  const rows = summaries.map((of) => of(units, simulated));
  return [
    ['design', 'unit, measured', 'one server or shard', ...assumptions.loads.map(loadName), 'next step'],
    ...rows.map(({ design, unit, limit, cells, next }) => [design, unit, limit, ...cells, next]),
  ];
}

const markdown = ([head, ...rows]) => table(head, rows);
