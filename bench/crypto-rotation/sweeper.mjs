/** One run of the sweep, which tells how far it is. */
import { createSweep } from '../../packages/crypto/dist/rotate.js';
import { open, tenantsOf } from './open.mjs';

const { batchRows, ...shared } = JSON.parse(process.argv[2]);
const { pool, vault, contacts } = open(shared);
let rewritten = 0;
let wentOn;
const tenants = new Map();
try {
  const report = await createSweep({ pool, vault, table: contacts, batchRows }).run({
    onProgress(progress) {
      // The first of a table's tenants is the first to be swept, and a batch has so many rows.
      wentOn ??= progress.tenantId !== tenantsOf(1)[0] || progress.scanned > batchRows;
      rewritten += progress.rewritten - (tenants.get(progress.tenantId) ?? 0);
      tenants.set(progress.tenantId, progress.rewritten);
      process.send({ rewritten, wentOn });
    },
  });
  process.send({ report });
} catch (error) {
  process.send({ failure: error.code, message: error.message });
}
await vault.close();
await pool.end();
process.disconnect();
