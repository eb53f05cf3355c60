import { createVault } from '@unite/crypto';
import { fileKeyring, postgresKeyStore } from '@unite/crypto/keys';
import pg from 'pg';
import { databaseOptions } from './database-options.mjs';

/** Nobody waits for a script. */
const patienceMs = 60_000;

/**
 * Runs `work` with a vault over the same keys as the application's, for scripts that fill or change its tables as their
 * owner.
 *
 * @template Result
 * @param {string} databaseUrl
 * @param {(vault: import('@unite/crypto').Vault, pool: pg.Pool) => Promise<Result>} work
 */
export async function withVault(databaseUrl, work) {
  const keyring = process.env.KEYRING_FILE;
  if (!keyring) {
    throw new Error(
      'KEYRING_FILE is not set. It names the file with the root keys: `unite keys create` makes one.',
    );
  }
  const pool = new pg.Pool({ ...databaseOptions(databaseUrl), max: 3 });
  const vault = createVault({
    keys: fileKeyring(keyring),
    store: postgresKeyStore(pool, { timeoutMs: patienceMs }),
    timeoutMs: patienceMs,
  });
  try {
    return await work(vault, pool);
  } finally {
    await vault.close();
    await pool.end();
  }
}
