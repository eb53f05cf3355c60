/**
 * Whether keys are asked for once, and whether any value is ever read where it does not belong: cold decrypts at once,
 * requests of many tenants that interleave, values that are swapped, and values that are altered.
 *
 * node crypto-keys.mjs [--quick]   (build the packages first)
 */

import { coldDecrypts } from './crypto-keys/cold-decrypts.mjs';
import { interleavedTenants } from './crypto-keys/interleaved-tenants.mjs';
import { flippedBits, swappedValues } from './crypto-keys/misplaced-values.mjs';
import { Report } from './lib/report.mjs';

const report = new Report({
  title: 'Keys, and where a value belongs',
  subject: 'crypto',
  about:
    'Whether keys are asked for once, and whether any value is ever read where it does not belong: cold decrypts at once, requests of many tenants that interleave, values that are swapped, and values that are altered.',
});
for (const part of [coldDecrypts, interleavedTenants, swappedValues, flippedBits]) {
  await part(report);
}
report.end();
process.exit();
