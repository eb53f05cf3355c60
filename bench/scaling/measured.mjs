import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

const file = new URL('measured.json', import.meta.url);

/** @returns {{ date: string, node: string, processors: number, model: string, load: number }} */
export function readMachine() {
  const { date, machine } = JSON.parse(readFileSync(file, 'utf8'));
  return { date, ...machine };
}

/** @returns {Record<string, { value: number, unit: string, what: string }>} what docs/scaling.md reckons with */
export function readMeasured() {
  return JSON.parse(readFileSync(file, 'utf8')).units;
}

/** Takes over what was measured; the other figures stay. */
export function writeMeasured(found) {
  const kept = JSON.parse(readFileSync(file, 'utf8'));
  for (const [name, { median, unit, what }] of Object.entries(found)) {
    kept.units[name] = { value: Number(median.toPrecision(3)), unit, what };
  }
  kept.machine = {
    node: process.version,
    processors: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    load: Number(loadavg()[1]?.toPrecision(2)),
  };
  kept.date = new Date().toISOString().slice(0, 10);
  writeFileSync(file, `${JSON.stringify(kept, undefined, 2)}\n`);
}
