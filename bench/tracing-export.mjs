/**
 * The way of spans to a receiver: what a million of them become while it is down, slow, failing or silent; whether each
 * of 10,000 requests arrives; and what sampler and queue cost beside the SDK's own processor.
 *
 * node tracing-export.mjs [--quick] [--only=part,…]   (build the packages first)
 */
import { chosenParts } from './lib/chosen-parts.mjs';
import { Report } from './lib/report.mjs';
import { cost } from './tracing-export/cost.mjs';
import { exactRoots } from './tracing-export/exact-roots.mjs';
import { outage } from './tracing-export/outage.mjs';

const report = new Report({
  title: 'The way of spans to a receiver',
  subject: 'tracing',
  about:
    'Whether each of 10,000 requests arrives, what a million spans become while the receiver is down, slow, failing or silent, and what sampler and queue cost beside the SDK’s own processor.',
});
// What becomes of spans while receivers are in trouble is in the package's tests, too, and the rest judges the machine.
const parts = chosenParts({ exactRoots, outage, cost }, { quick: ['exactRoots'] });
for (const [, part] of parts) await part(report);
report.end();
