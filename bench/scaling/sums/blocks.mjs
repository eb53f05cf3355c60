import { table } from '../../lib/table.mjs';
import { assumptions } from '../assumptions.mjs';
import { logSummary, logTable } from './log.mjs';
import { quotaMemoryTable, quotaSummary, quotaTable } from './quota.mjs';
import { loadName } from './words.mjs';

const summaries = [logSummary, quotaSummary];
const tables = { log: logTable, quota: quotaTable, 'quota-memory': quotaMemoryTable };

/** Every sum in docs/scaling.md, as text by the name of its place. @param {Record<string, number>} units */
export function blocks(units) {
  const texts = Object.entries(tables).map(([name, rows]) => [name, markdown(rows(units))]);
  return { summary: markdown(summary(units)), ...Object.fromEntries(texts) };
}

function summary(units) {
  const rows = summaries.map((of) => of(units));
  return [
    ['design', 'unit, measured', 'one server or shard', ...assumptions.loads.map(loadName), 'next step'],
    ...rows.map(({ design, unit, limit, cells, next }) => [design, unit, limit, ...cells, next]),
  ];
}

const markdown = ([head, ...rows]) => table(head, rows);
