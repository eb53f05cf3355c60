// Loads four workspaces with 5,000 generated contacts, their addresses and phone numbers encrypted, once: in one transaction, so that a second run, or
// one that follows an interrupted one, knows from the first workspace whether anything is left to do.
import { encryptedColumns } from '../lib/contacts/encrypted-columns.mjs';
import { withVault } from './crm-vault.mjs';
import { withOwner } from './owner-client.mjs';
import { campaignsOf, contactsOf } from './seed/rows.mjs';
import { workspaces } from './seed/workspaces.mjs';

const rowsPerInsert = 1_000;

await withOwner('crm-seed', async (client, databaseUrl) => {
  const startedAtMs = performance.now();
  await client.query('begin');
  // Two seeds at a time would both find the table empty.
  await client.query('lock table workspaces in share row exclusive mode');
  const { rows } = await client.query('select count(*)::int as count from workspaces');
  if (rows[0].count > 0) {
    await client.query('rollback');
    console.log('seed: already loaded');
    return;
  }
  const nowMs = Date.now();
  const contacts = await withVault(databaseUrl, (vault) => encryptedContacts(vault, nowMs));
  for (const [position, workspace] of workspaces.entries()) {
    await insertDirectory(client, workspace, position);
    // Row-level security binds an owner who is no superuser too.
    await client.query("select set_config('app.tenant_id', $1, true)", [workspace.id]);
    await insertRows(client, 'contacts', workspace.id, contacts[position]);
    await insertRows(client, 'campaigns', workspace.id, campaignsOf(workspace, position, nowMs));
    await queueAndCount(client, workspace.id);
    console.log(`seed: ${workspace.name}, ${workspace.contacts.toLocaleString('en')} contacts`);
  }
  await client.query('commit');
  await client.query('analyze contacts, campaigns');
  console.log(`seed: done in ${Math.round(performance.now() - startedAtMs)} ms`);
});

/** The contacts of each workspace, as they are stored. */
async function encryptedContacts(vault, nowMs) {
  const table = vault.table('contacts', encryptedColumns);
  return Promise.all(
    workspaces.map((workspace, position) =>
      Promise.all(
        contactsOf(workspace, position, nowMs).map(({ phone, ...row }) =>
          table.encrypt({ ...row, tenant_id: workspace.id, phone: phone || null, phone_index: null }),
        ),
      ),
    ),
  );
}

async function insertDirectory(client, workspace, position) {
  const { id, name, plan, people } = workspace;
  await client.query('insert into workspaces (id, name, plan, position) values ($1, $2, $3, $4)', [
    id,
    name,
    plan,
    position,
  ]);
  for (const [personName, role] of people) {
    await client.query('insert into people (id, workspace_id, name, role) values ($1, $2, $3, $4)', [
      `${id}-${personName.toLowerCase()}`,
      id,
      personName,
      role,
    ]);
  }
}

/** Scheduled campaigns are due by the queue, in the owner's name; sent ones reached everybody of their audience. */
async function queueAndCount(client, tenantId) {
  await client.query(
    `insert into campaign_jobs (campaign_id, tenant_id, user_id, due_at)
     select c.id, c.tenant_id, p.id, c.send_at
       from campaigns c join people p on p.workspace_id = c.tenant_id and p.role = 'owner'
      where c.tenant_id = $1 and c.status = 'scheduled'`,
    [tenantId],
  );
  await client.query(
    `update campaigns c set recipients = counted.contacts, delivered = counted.contacts
       from (select c.id, count(k.id)::int as contacts
               from campaigns c
               left join contacts k on k.tenant_id = c.tenant_id and c.audience in ('everyone', k.stage)
              where c.tenant_id = $1 and c.status = 'sent'
              group by c.id) counted
      where c.id = counted.id`,
    [tenantId],
  );
}

async function insertRows(client, table, tenantId, rows) {
  for (let from = 0; from < rows.length; from += rowsPerInsert) {
    const chunk = rows
      .slice(from, from + rowsPerInsert)
      .map((row) => ({ version: 1, ...row, tenant_id: tenantId }));
    const columns = Object.keys(chunk[0]).filter((column) => table === 'contacts' || column !== 'version');
    await client.query(
      `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
      [JSON.stringify(chunk)],
    );
  }
}
