import { createVault } from '@unite/crypto';
import { fileKeyring, postgresKeyStore } from '@unite/crypto/keys';
import { postgresLedger } from '@unite/quota/postgres';
import pg from 'pg';
import { createClient } from 'redis';
import { encryptedColumns } from '../../lib/contacts/encrypted-columns.mjs';
import type { UsageDocument } from '../../lib/usage/usage-document';
import { type Answer, type ApiOptions, api } from './api';

/** Two processes whose use is counted apart from all others', over one Redis; none where there is no Redis. */
export const [one = '', other = ''] = (process.env.TEST_QUOTA_ORIGINS ?? '').split(',');

export async function usageOf(workspace: string, origin = one): Promise<UsageDocument> {
  return JSON.parse((await api('/api/usage', { origin, workspace })).text) as UsageDocument;
}

/** How much of a limit or a resource is used. */
export function usedOf({ limits, resources }: UsageDocument, name: string): number {
  return [...limits, ...resources].find((each) => each.name === name)?.used ?? Number.NaN;
}

/** The same request so many times at once, to both processes in turn. */
export function atOnce(
  count: number,
  path: string,
  options: (index: number) => ApiOptions,
): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      api(path, { origin: index % 2 === 0 ? one : other, ...options(index) }),
    ),
  );
}

/**
 * Has so many calls of today be used: writes what is missing into the ledger, as another system would, and empties
 * Redis, which then has to be told by the ledger.
 */
export async function setCalls(tenantId: string, calls: number): Promise<void> {
  const used = usedOf(await usageOf(tenantId), 'apiCallsPerDay');
  const pool = new pg.Pool({ connectionString: process.env.TEST_QUOTA_DATABASE_URL });
  const ledger = postgresLedger(pool);
  await ledger.append(
    {
      tenantId,
      id: `test:${crypto.randomUUID()}`,
      kind: 'record',
      occurredAtMs: Date.now(),
      amounts: { apiCalls: calls - used },
      costs: [],
      fingerprint: '',
    },
    undefined,
  );
  await ledger.close();
  await pool.end();
  const redis = createClient({ url: process.env.TEST_QUOTA_REDIS_URL ?? '' });
  await redis.connect();
  await redis.flushDb();
  await redis.close();
}

/** Has a workspace have so many contacts: adds what is missing, or takes away what is too many. */
export async function setContacts(tenantId: string, count: number): Promise<void> {
  const pool = new pg.Pool({ connectionString: process.env.TEST_QUOTA_DATABASE_URL });
  const { rows } = await pool.query<{ count: number }>(
    'select count(*)::int as count from contacts where tenant_id = $1',
    [tenantId],
  );
  await insertContacts(pool, tenantId, count - (rows[0]?.count ?? 0));
  await pool.query(
    `delete from contacts where id in
       (select id from contacts where tenant_id = $1 order by created_at desc, id offset $2)`,
    [tenantId, count],
  );
  await pool.end();
}

async function insertContacts(pool: pg.Pool, tenantId: string, count: number): Promise<void> {
  if (count <= 0) return;
  const vault = createVault({
    keys: fileKeyring(process.env.TEST_KEYRING_FILE ?? ''),
    store: postgresKeyStore(pool, { timeoutMs: 60_000 }),
    timeoutMs: 60_000,
  });
  const table = vault.table('contacts', encryptedColumns);
  const made = Array.from({ length: count }, () => crypto.randomUUID()).map((id) =>
    table.encrypt({ id, tenant_id: tenantId, email: `${id}@filler.example` }),
  );
  await pool.query(
    `insert into contacts (id, tenant_id, email, email_index)
     select id, tenant_id, email, email_index from jsonb_populate_recordset(null::contacts, $1::jsonb)`,
    [JSON.stringify(await Promise.all(made))],
  );
  await vault.close();
}

/** Makes the model slow or failing, or holds it back, until it is told otherwise. */
export async function scorerIs(behaviour: {
  readonly delayMs?: number;
  readonly status?: number;
  /** Of what streams: breaks off after so many pieces, or waits there until the behaviour is told anew. */
  readonly failAfterChunks?: number;
  readonly holdAfterChunks?: number;
}): Promise<void> {
  const address = new URL('/behaviour', process.env.TEST_SCORER_URL);
  await fetch(address, { method: 'PUT', body: JSON.stringify(behaviour) });
}
