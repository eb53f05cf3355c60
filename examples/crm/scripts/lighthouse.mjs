// What Lighthouse says of the screens: the median of some runs with its desktop preset, held against the bars of
// lighthouse/gates.mjs, and how a phone fares, which is told alone. Wants a server in demo mode, such as `npm start`.
//
//   node scripts/lighthouse.mjs [--url <origin>] [--routes /,/contacts] [--runs 5] [--form desktop|mobile|both] [--json]
//
// Ends with 0, with 1 where a gate is missed, with 2 where it could not be measured, and with 3 where this machine is too
// slow for the gate that is missed to say anything.
import { findChromium } from '../test/support/install-chromium.mjs';
import { gatesOf } from './lighthouse/gates.mjs';
import { measureScreen } from './lighthouse/measure-screen.mjs';
import { optionsOf } from './lighthouse/options.mjs';
import { printReport } from './lighthouse/print-report.mjs';
import { screensOf } from './lighthouse/screens.mjs';

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`lighthouse: ${error.message}`);
  process.exitCode = 2;
}

async function main() {
  const { url, routes, runs, forms, isJson } = optionsOf(process.argv.slice(2));
  const chromium = findChromium();
  if (!chromium) throw new Error('No Chromium was found. CHROMIUM_PATH names one.');
  const screens = [];
  for (const { route, address, cookie } of await screensOf(url, routes)) {
    for (const form of forms) {
      console.error(`${route}, ${form}`);
      const figures = await measureScreen({ chromium, address, cookie, form, runs });
      screens.push({ route, form, ...figures });
    }
  }
  const verdict = gatesOf(screens);
  if (isJson) console.log(JSON.stringify({ url, runs, screens, ...verdict }, null, 2));
  else printReport({ url, runs, screens, ...verdict });
  if (verdict.missed.length > 0) return 1;
  return verdict.unjudged.length > 0 ? 3 : 0;
}
