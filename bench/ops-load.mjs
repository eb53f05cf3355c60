/**
 * The load generator beside wrk and autocannon: 1,000 users without think time, a server that is frozen for a second,
 * and 1,000 users at the pace of people.
 *
 * node ops-load.mjs [--quick] [--only=part,…]   (build the packages first)
 */
import { chosenParts } from './lib/chosen-parts.mjs';
import { Report } from './lib/report.mjs';
import { freeze } from './ops-load/freeze.mjs';
import { saturation } from './ops-load/saturation.mjs';
import { steady } from './ops-load/steady.mjs';

const report = new Report({
  title: 'The load generator',
  subject: 'ops',
  about:
    'Beside wrk and autocannon: 1,000 users without think time, a server that is frozen for a second, and 1,000 users at the pace of people.',
});
const settings = report.quick
  ? { rounds: 1, seconds: 2, freezeSeconds: 4, isShort: true }
  : { rounds: 3, seconds: 5, freezeSeconds: 10, steadySeconds: 40 };
for (const [, part] of chosenParts({ saturation, freeze, steady }, { quick: ['saturation', 'freeze'] })) {
  await part(report, settings);
}
report.end();
