/** One process that reads by id, searches by index and writes, all the time. */
import { emailOf, open, tenantsOf } from './open.mjs';

const options = JSON.parse(process.argv[2]);
const { tenants, rowsPerTenant, index, processes } = options;
const { pool, vault, contacts } = open(options);
const names = tenantsOf(tenants);
const inFlight = 4;

const counts = { reads: 0, searches: 0, writes: 0, missed: 0, lost: 0 };
const failures = [];
/** How often this process has written which of its rows. */
const versions = new Map();
/** Rows that are being written or looked at by this process. */
const busy = new Set();
let isEnding = false;

process.on('message', () => {
  isEnding = true;
});
const loops = Array.from({ length: inFlight }, loop);
process.send('ready');
await Promise.all(loops);
// What is on its way when the channel is closed is lost.
await new Promise((resolve) => {
  process.send({ ...counts, failures, expected: Object.fromEntries(versions) }, resolve);
});
await vault.close();
await pool.end();
process.disconnect();

async function loop() {
  while (!isEnding) {
    const tenantId = names[Math.floor(Math.random() * names.length)];
    // Each row is written by one process alone, which knows what must be in it.
    const id = Math.floor((Math.random() * rowsPerTenant) / processes) * processes + index;
    const key = `${tenantId}/${id}`;
    if (busy.has(key)) continue;
    busy.add(key);
    try {
      const kind = Math.random();
      if (kind < 0.4) await read(tenantId, id, key);
      else if (kind < 0.8) await search(tenantId, id, key);
      else await write(tenantId, id, key);
    } catch (error) {
      failures.push(String(error?.message ?? error));
    } finally {
      busy.delete(key);
    }
  }
}

async function read(tenantId, id, key) {
  const { rows } = await pool.query('SELECT * FROM contacts WHERE tenant_id = $1 AND id = $2', [
    tenantId,
    id,
  ]);
  const { email } = await contacts.decrypt(rows[0]);
  counts.reads += 1;
  if (email !== emailOf(tenantId, id, versions.get(key) ?? 0)) counts.lost += 1;
}

async function search(tenantId, id, key) {
  const email = emailOf(tenantId, id, versions.get(key) ?? 0);
  const { values } = await contacts.find('email', email, { tenantId });
  const { rows } = await pool.query(
    'SELECT id FROM contacts WHERE tenant_id = $1 AND email_index = ANY($2)',
    [tenantId, values],
  );
  counts.searches += 1;
  if (!rows.some((row) => row.id === id)) counts.missed += 1;
}

async function write(tenantId, id, key) {
  const version = (versions.get(key) ?? 0) + 1;
  const row = await contacts.encrypt({ tenant_id: tenantId, id, email: emailOf(tenantId, id, version) });
  await pool.query('UPDATE contacts SET email = $3, email_index = $4 WHERE tenant_id = $1 AND id = $2', [
    tenantId,
    id,
    row.email,
    row.email_index,
  ]);
  versions.set(key, version);
  counts.writes += 1;
}
