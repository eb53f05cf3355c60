import { randomUUID } from 'node:crypto';
import { currentContext } from '@unite/core/context';
import { checkOptions, describeValue, expects, optionChecks, systemClock } from '@unite/shared';
import { CryptoError } from '../errors';
import { checkPool } from '../pg/check-pool';
import type { PgQueryable } from '../pg/pg-types';
import { inTransaction } from '../pg/with-client';
import { refuseSecretText } from '../refuse-secret-text';
import type { EncryptedTable, TenantOption } from '../types';
import { RevealableSecret } from './secret';
import { secretsTables, tablePrefixCheck } from './secrets-tables';
import type { Secret, Secrets, SecretsOptions } from './secrets-types';
import { type StoredSecret, versionOf } from './stored-secret';
import { withSecrets } from './with-secrets';

/**
 * Keeps tenants' credentials for services of others in PostgreSQL, encrypted by a vault and bound to their tenant and
 * name. `secretsSql()` makes the tables.
 *
 * Each `set` makes a version; with `overlapMs` the ones before it stay usable for so long, so that no request fails
 * while a key is being replaced. What is given out is a `Secret`, whose value is read by `reveal()` alone.
 *
 * @throws TypeError
 * @example
 * const secrets = createSecrets({ vault, pool });
 * await secrets.set('stripe-key', 'sk_live_…', { overlapMs: 3_600_000 });
 * const key = await secrets.get('stripe-key');
 * console.log(key); // [secret stripe-key v1]
 * await fetch(url, { headers: { authorization: `Bearer ${key.reveal()}` } });
 */
export function createSecrets(options: SecretsOptions): Secrets {
  checkSecretsOptions(options);
  const { vault, pool, context = currentContext, timeoutMs = 3_000, clock = systemClock } = options;
  const { names, versions } = secretsTables(options);
  const table = vault.table(versions, {
    rowId: ['name', 'id'],
    tenantId: 'tenant_id',
    columns: { value: {} },
  });
  const ask = <Result>(work: (client: PgQueryable) => Promise<Result>) => withSecrets(pool, timeoutMs, work);

  async function rowsOf(given: TenantOption, name: string): Promise<readonly StoredSecret[]> {
    const tenantId = tenantOf(given);
    checkName(name);
    const { rows } = await ask((client) =>
      client.query(`SELECT * FROM ${versions} WHERE tenant_id = $1 AND name = $2 ORDER BY version DESC`, [
        tenantId,
        name,
      ]),
    );
    return rows as StoredSecret[];
  }

  async function usableOf(given: TenantOption, name: string): Promise<readonly StoredSecret[]> {
    const rows = await rowsOf(given, name);
    return rows.filter((row) => versionOf(row, clock.wallMs()).isUsable);
  }

  async function open(rows: readonly StoredSecret[]): Promise<readonly Secret[]> {
    const opened = await table.decryptAll(rows);
    return opened.map((row) => new RevealableSecret(versionOf(row, clock.wallMs()), row.value));
  }

  function tenantOf({ tenantId = context()?.tenantId }: TenantOption): string {
    if (typeof tenantId === 'string' && tenantId !== '') return tenantId;
    throw new CryptoError(
      'UNITE_CRYPTO_TENANT_MISSING',
      'no tenant: neither the call nor the context names one',
    );
  }

  return {
    table: table as unknown as EncryptedTable,
    async set(name, value, given = {}) {
      const tenant_id = tenantOf(given);
      checkName(name);
      const { overlapMs, expiresAtMs } = checkSetting(name, value, given);
      // Before the transaction: a key that has to be asked for holds no lock, and no second connection.
      const sealed = await table.encrypt({ tenant_id, name, id: randomUUID(), value });
      return ask((client) =>
        inTransaction(client, async () => {
          const key = [tenant_id, name];
          // Whoever sets the same secret waits here, so that versions are in the order of their commits.
          const { rows: heads } = await client.query(
            `INSERT INTO ${names} AS head (tenant_id, name, last_version) VALUES ($1, $2, 1)
             ON CONFLICT (tenant_id, name) DO UPDATE SET last_version = head.last_version + 1
             RETURNING last_version`,
            key,
          );
          const [{ last_version: version }] = heads as [{ last_version: number }];
          const nowMs = clock.wallMs();
          await client.query(
            `UPDATE ${versions} SET usable_until_ms = least(usable_until_ms, $3) WHERE tenant_id = $1 AND name = $2`,
            [...key, nowMs + overlapMs],
          );
          await client.query(
            `DELETE FROM ${versions} WHERE tenant_id = $1 AND name = $2 AND usable_until_ms <= $3`,
            [...key, nowMs],
          );
          const { rows } = await client.query(
            `INSERT INTO ${versions} (tenant_id, name, id, version, value, created_at_ms, expires_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *`,
            [...key, sealed.id, version, sealed.value, nowMs, expiresAtMs ?? null],
          );
          return versionOf((rows as [StoredSecret])[0], nowMs);
        }),
      );
    },
    async get(name, given = {}) {
      const rows = await usableOf(given, name);
      const { version } = given;
      // The first that is kept is the current one; where it has expired, an earlier one does not stand in for it.
      const isWanted = (row: StoredSecret) =>
        version === undefined ? row.usable_until_ms === null : row.version === version;
      const [secret] = await open(rows.filter(isWanted));
      if (secret) return secret;
      const what = version === undefined ? `secret "${name}"` : `version ${version} of the secret "${name}"`;
      throw new CryptoError('UNITE_CRYPTO_SECRET_UNKNOWN', `There is no ${what} that is usable`);
    },
    usable: async (name, given = {}) => open(await usableOf(given, name)),
    versions: async (name, given = {}) =>
      (await rowsOf(given, name)).map((row) => versionOf(row, clock.wallMs())),
    async list(given = {}) {
      const tenantId = tenantOf(given);
      const { rows } = await ask((client) =>
        client.query(
          `SELECT * FROM ${versions} WHERE tenant_id = $1 AND usable_until_ms IS NULL ORDER BY name`,
          [tenantId],
        ),
      );
      return (rows as StoredSecret[]).map((row) => versionOf(row, clock.wallMs()));
    },
    async remove(name, given = {}) {
      const key = [tenantOf(given), name];
      checkName(name);
      return ask((client) =>
        inTransaction(client, async () => {
          await client.query(`SELECT 1 FROM ${names} WHERE tenant_id = $1 AND name = $2 FOR UPDATE`, key);
          const { rows } = await client.query(
            `DELETE FROM ${versions} WHERE tenant_id = $1 AND name = $2 RETURNING 1`,
            key,
          );
          return rows.length > 0;
        }),
      );
    },
  };
}

const isVault = expects(
  'a vault',
  (value) => typeof (value as SecretsOptions['vault'] | undefined)?.table === 'function',
);

function checkSecretsOptions(options: SecretsOptions): void {
  refuseSecretText('createSecrets', options, { vault: isVault });
  checkOptions(
    'createSecrets',
    options,
    {
      vault: isVault,
      pool: () => undefined,
      context: optionChecks.function,
      tablePrefix: tablePrefixCheck,
      timeoutMs: optionChecks.positive,
      clock: optionChecks.object,
    },
    ['vault', 'pool'],
  );
  checkPool('createSecrets', 'option "pool"', options.pool, 'connect');
}

function checkName(name: unknown): void {
  if (typeof name === 'string' && /^[^\p{C}]{1,255}$/u.test(name)) return;
  throw new CryptoError(
    'UNITE_CRYPTO_PLACE_INVALID',
    `a secret's name must be 1 to 255 characters, got ${describeValue(name)}`,
  );
}

function checkSetting(
  name: string,
  value: unknown,
  { overlapMs = 0, expiresAtMs }: { overlapMs?: number | undefined; expiresAtMs?: number | undefined },
) {
  if (typeof value !== 'string' || value === '') {
    const got = value === '' ? 'none' : typeof value;
    throw new CryptoError('UNITE_CRYPTO_VALUE_INVALID', `the secret "${name}" must be text, got ${got}`);
  }
  for (const [option, ms] of Object.entries({ overlapMs, expiresAtMs: expiresAtMs ?? 0 })) {
    if (Number.isSafeInteger(ms) && ms >= 0) continue;
    throw new TypeError(
      `secrets.set: option "${option}" must be a whole number from 0, got ${describeValue(ms)}`,
    );
  }
  return { overlapMs, expiresAtMs };
}
