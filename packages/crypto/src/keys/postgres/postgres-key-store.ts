import { checkOptions, describeValue, optionChecks } from '@unite/shared';
import { CryptoError } from '../../errors';
import type { KeyCall, KeyStore, StoredKey } from '../key-types';
import { keyStoreTables, tablePrefixCheck } from './key-store-tables';
import { lendClient } from './lend-client';
import type { PgClientLike, PgPoolLike, PostgresKeyStoreOptions } from './postgres-types';
import { isConflict, isStatementError, storeError } from './store-error';

/** What an index of PostgreSQL holds of one value, with room for the rest: more than a vault asks for. */
const maxTenantBytes = 1_024;

/**
 * Keeps wrapped data keys in PostgreSQL, in the tables that `keyStoreSql()` makes. No call takes longer than
 * `timeoutMs`. It keeps nothing in the session, so that PgBouncer may stand between.
 *
 * Tenants are ids of at most 255 bytes, as a vault takes them, without NUL.
 *
 * @param pool a pool of `pg`, or a cluster of `@unite/db-ha`; it stays the caller's
 * @throws TypeError for what is no pool, and for options that are none
 * @example
 * const vault = createVault({ keys: envKeyring(process.env), store: postgresKeyStore(pool) });
 */
export function postgresKeyStore(pool: PgPoolLike, options: PostgresKeyStoreOptions = {}): KeyStore {
  if (typeof (pool as Partial<PgPoolLike> | null)?.connect !== 'function') {
    // A URL may have a password.
    const got = typeof pool === 'string' ? 'text' : describeValue(pool);
    throw new TypeError(`postgresKeyStore: pool must be a pool of pg, got ${got}`);
  }
  checkOptions('postgresKeyStore', options, {
    tablePrefix: tablePrefixCheck,
    timeoutMs: optionChecks.positive,
  });
  const { timeoutMs = 2_000 } = options;
  const sql = statements(options);

  async function using<Result>(
    { signal }: KeyCall,
    work: (client: PgClientLike) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await lendClient(pool, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), work);
    } catch (error) {
      throw storeError(error);
    }
  }

  /** Whether the statement found its row, and nobody else was first. */
  async function finds(call: KeyCall, text: string, values: unknown[]): Promise<boolean> {
    return using(call, async (client) => {
      try {
        return (await client.query(text, values)).rows.length > 0;
      } catch (error) {
        if (isConflict(error)) return false;
        throw error;
      }
    });
  }

  return {
    async read(tenantId, call) {
      checkTenant(tenantId);
      const { rows } = await using(call, (client) => client.query(sql.read, [tenantId]));
      const [tenant] = rows as readonly KeyRow[];
      if (!tenant) return undefined;
      if (tenant.shredded_at_ms !== null) return { keys: [], shreddedAtMs: Number(tenant.shredded_at_ms) };
      return { keys: (rows as readonly KeyRow[]).flatMap((row) => storedKey(tenantId, row)) };
    },
    async add({ tenantId, keyId, createdAtMs, wrapped }, after, call) {
      checkTenant(tenantId);
      const key = [tenantId, keyId, wrapped.rootKeyId, Buffer.from(wrapped.bytes), createdAtMs];
      return after === undefined
        ? finds(call, sql.addFirst, key)
        : finds(call, sql.addAfter, [...key, after]);
    },
    async replace({ tenantId, keyId, wrapped }, from, call) {
      checkTenant(tenantId);
      const values = [tenantId, keyId, wrapped.rootKeyId, Buffer.from(wrapped.bytes)];
      return finds(call, sql.replace, [...values, from.rootKeyId, Buffer.from(from.bytes)]);
    },
    async remove({ tenantId, keyId }, call) {
      checkTenant(tenantId);
      return finds(call, sql.remove, [tenantId, keyId]);
    },
    async shred(tenantId, call) {
      checkTenant(tenantId);
      return using(call, (client) => shred(client, sql, tenantId));
    },
    async tenants({ after = '', limit }, call) {
      const { rows } = await using(call, (client) => client.query(sql.tenants, [after, limit]));
      return (rows as readonly { tenant_id: string }[]).map(({ tenant_id }) => tenant_id);
    },
  };
}

/** The tombstone first: its row is what whoever adds a key waits for, and sees before the keys are deleted. */
async function shred(client: PgClientLike, sql: Statements, tenantId: string): Promise<number> {
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  try {
    await client.query(sql.entomb, [tenantId]);
    const { rows } = await client.query(sql.deleteAll, [tenantId]);
    await client.query('COMMIT');
    return rows.length;
  } catch (error) {
    // What broke the connection has rolled it back.
    if (isStatementError(error)) await client.query('ROLLBACK');
    throw error;
  }
}

/** A tenant with one of its keys, as the driver returns it; without one the key's columns are `null`. */
interface KeyRow {
  readonly shredded_at_ms: string | null;
  readonly key_id: string | null;
  readonly root_key_id: string;
  readonly wrapped: Uint8Array;
  readonly created_at_ms: string;
}

function storedKey(tenantId: string, row: KeyRow): StoredKey[] {
  if (row.key_id === null) return [];
  return [
    {
      tenantId,
      keyId: Number(row.key_id),
      wrapped: { rootKeyId: row.root_key_id, bytes: row.wrapped },
      createdAtMs: Number(row.created_at_ms),
    },
  ];
}

/** @throws CryptoError `UNITE_CRYPTO_PLACE_INVALID` */
function checkTenant(tenantId: string): void {
  if (tenantId.includes('\0') || Buffer.byteLength(tenantId) > maxTenantBytes) {
    throw new CryptoError(
      'UNITE_CRYPTO_PLACE_INVALID',
      `A tenant whose keys are in PostgreSQL must have an id of at most ${maxTenantBytes} bytes without NUL`,
    );
  }
}

type Statements = ReturnType<typeof statements>;

function statements(options: PostgresKeyStoreOptions) {
  const { tenants, keys } = keyStoreTables('postgresKeyStore', options);
  /** The tenant's row is the turn: one of those that change it at once gets it, the others see that it changed. */
  const insertKey = `
    INSERT INTO ${keys} (tenant_id, key_id, root_key_id, wrapped, created_at_ms, position)
    SELECT $1, $2::bigint, $3, $4::bytea, $5::bigint, turn.position FROM turn
    RETURNING key_id`;
  return {
    read: `
      SELECT t.shredded_at_ms, k.key_id, k.root_key_id, k.wrapped, k.created_at_ms
      FROM ${tenants} t LEFT JOIN ${keys} k USING (tenant_id)
      WHERE tenant_id = $1 ORDER BY k.position DESC`,
    addFirst: `
      WITH turn AS (
        INSERT INTO ${tenants} (tenant_id, position, primary_key_id) VALUES ($1, 1, $2)
        ON CONFLICT (tenant_id) DO NOTHING RETURNING position
      ) ${insertKey}`,
    addAfter: `
      WITH turn AS (
        UPDATE ${tenants} SET position = position + 1, primary_key_id = $2
        WHERE tenant_id = $1 AND primary_key_id = $6 RETURNING position
      ) ${insertKey}`,
    replace: `
      UPDATE ${keys} SET root_key_id = $3, wrapped = $4
      WHERE tenant_id = $1 AND key_id = $2 AND root_key_id = $5 AND wrapped = $6 RETURNING key_id`,
    remove: `
      DELETE FROM ${keys} WHERE tenant_id = $1 AND key_id = $2
      AND key_id <> (SELECT primary_key_id FROM ${tenants} WHERE tenant_id = $1) RETURNING key_id`,
    entomb: `
      INSERT INTO ${tenants} AS t (tenant_id, position, shredded_at_ms)
      VALUES ($1, 0, floor(extract(epoch FROM clock_timestamp()) * 1000))
      ON CONFLICT (tenant_id) DO UPDATE
      SET primary_key_id = NULL, shredded_at_ms = coalesce(t.shredded_at_ms, excluded.shredded_at_ms)`,
    deleteAll: `DELETE FROM ${keys} WHERE tenant_id = $1 RETURNING key_id`,
    tenants: `SELECT tenant_id FROM ${tenants} WHERE tenant_id > $1 ORDER BY tenant_id LIMIT $2`,
  };
}
