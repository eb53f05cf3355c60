/**
 * Runs the simulations of docs/scaling.md, which come out the same each time.
 *
 * node scaling/simulate.mjs [--write]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { simulateFleetCache } from './simulate-fleet-cache.mjs';
import { simulateHotTenants } from './simulate-hot-tenants.mjs';
import { simulateReadYourWrites } from './simulate-read-your-writes.mjs';

const file = new URL('simulated.json', import.meta.url);

/** What docs/scaling.md shows. */
export const readSimulated = () => JSON.parse(readFileSync(file, 'utf8'));

/** As it is kept: to four digits, beyond which an engine may reckon otherwise. */
export function simulate() {
  const all = {
    fleetCache: simulateFleetCache(),
    hotTenants: simulateHotTenants(),
    readYourWrites: simulateReadYourWrites(),
  };
  return JSON.parse(
    JSON.stringify(all, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value)),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = `${JSON.stringify(simulate(), undefined, 2)}\n`;
  if (process.argv.includes('--write')) writeFileSync(file, text);
  else console.log(text);
}
