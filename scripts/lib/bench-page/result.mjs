/**
 * What a bench showed the last time that it ran as a whole, kept in docs/benchmarks/results.
 *
 * @typedef {import('../../../bench/lib/report-types').BarsChart} BarsChart
 * @typedef {import('../../../bench/lib/report-types').CurveChart} CurveChart
 * @typedef {{ kind: 'table', title: string, head: string[], rows: (string | number)[][] }} Table
 * @typedef {{ kind: 'note', text: string }} Note
 * @typedef {{ kind: 'bars' } & BarsChart} Bars
 * @typedef {{ kind: 'curve' } & CurveChart} Curve
 * @typedef {{ cpu: string, cores: number, memoryGb: number, os: string, node: string, postgres: string, redis: string }} Machine
 * @typedef {{ at: string, commit: string, seconds: number, loadBefore: number, loadAfter: number, machine: Machine }} Measured
 * @typedef {{
 *   name: string, title: string, subject: string, about: string,
 *   sections: (Table | Note | Bars | Curve)[],
 *   claims: import('../../../bench/lib/report-types').Claim[],
 *   measured: Measured,
 * }} Result
 */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} directory @returns {Result[]} of each bench that ever ran as a whole */
export function readResults(directory) {
  mkdirSync(directory, { recursive: true });
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(directory, file), 'utf8')));
}

/**
 * In place of what the bench showed before.
 *
 * @param {string} directory
 * @param {{ name: string, report: string, measured: Measured }} run `report`: the file that the bench wrote
 */
export function keepResult(directory, { name, report, measured }) {
  const { shown } = JSON.parse(readFileSync(report, 'utf8'));
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, `${name}.json`),
    `${JSON.stringify({ name, ...shown, measured }, undefined, 1)}\n`,
  );
}
