import { EventEmitter } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import { type PostgresCluster, startPostgres } from '@unite/services';
import pg from 'pg';
import { keyStoreSql, postgresKeyStore } from '../../../src/keys';
import { keyStoreSuite } from '../../../src/testing';
import { call, storedKey } from '../support/stored-key';

let cluster: PostgresCluster;
let pool: pg.Pool;
let another: pg.Pool;
const pools: pg.Pool[] = [];

/** Fifty at once take longer than one may. */
const patient = { timeoutMs: 60_000 };

function newPool(config?: pg.PoolConfig): pg.Pool {
  const made = new pg.Pool({ connectionString: cluster.primaryUrl, max: 20, ...config });
  made.on('error', () => undefined);
  pools.push(made);
  return made;
}

beforeAll(async () => {
  cluster = await startPostgres({ replicas: 0 });
  pool = newPool();
  another = newPool();
  // Several at once, and again: a migration is run so.
  await Promise.all([1, 2, 3].map(() => pool.query(keyStoreSql())));
});
afterAll(async () => {
  await Promise.all(pools.map((each) => each.end()));
  await cluster?.close();
});

describe('on real connections', () => {
  test.each(keyStoreSuite)('$name: $summary', ({ run }) =>
    run(() => ({ store: postgresKeyStore(pool, patient), another: postgresKeyStore(another, patient) })),
  );
});

describe('where the server serializes transactions', () => {
  test.each(keyStoreSuite.filter(({ name }) => name.includes('crowd')))('$name: $summary', ({ run }) =>
    run(() => {
      const options = '-c default_transaction_isolation=serializable';
      return { store: postgresKeyStore(newPool({ options, max: 10 }), patient) };
    }),
  );
});

describe('with row-level security', () => {
  const tablePrefix = 'secured.unite';
  let restricted: pg.Pool;

  beforeAll(async () => {
    await pool.query('CREATE SCHEMA secured');
    await pool.query(keyStoreSql({ tablePrefix }));
    await pool.query(`
      CREATE ROLE vault LOGIN PASSWORD 'vault'; GRANT USAGE ON SCHEMA secured TO vault;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA secured TO vault;
      ALTER TABLE secured.unite_data_keys ENABLE ROW LEVEL SECURITY;
      ALTER TABLE secured.unite_data_key_tenants ENABLE ROW LEVEL SECURITY;`);
    const url = new URL(cluster.primaryUrl);
    url.username = 'vault';
    url.password = 'vault';
    restricted = newPool({ connectionString: url.href });
  });

  test('a role that no policy lets in is refused, and changes nothing', async () => {
    const store = postgresKeyStore(restricted, { tablePrefix, ...patient });
    await expect(store.add(storedKey('acme', 1), undefined, call())).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYS_DENIED',
      cause: { code: '42501' },
    });
    const { rows } = await pool.query('SELECT FROM secured.unite_data_key_tenants');
    expect(rows).toEqual([]);
  });

  test.each(keyStoreSuite)('with a policy: $name: $summary', async ({ run }) => {
    for (const table of ['secured.unite_data_keys', 'secured.unite_data_key_tenants'])
      await pool.query(
        `DROP POLICY IF EXISTS vault ON ${table}; CREATE POLICY vault ON ${table} TO vault USING (true)`,
      );
    await run(() => ({ store: postgresKeyStore(restricted, { tablePrefix, ...patient }) }));
  });
});

test('nothing of a shredded key is left in the tables', async () => {
  const store = postgresKeyStore(pool);
  await store.add(storedKey('gone', 1), undefined, call());
  await store.shred('gone', call());
  const { rows } = await pool.query(`
    SELECT (SELECT count(*)::int FROM unite_data_keys WHERE tenant_id = 'gone') keys, primary_key_id,
    abs(shredded_at_ms - extract(epoch FROM now()) * 1000) < 60000 AS is_now
    FROM unite_data_key_tenants WHERE tenant_id = 'gone'`);
  expect(rows).toEqual([{ keys: 0, primary_key_id: null, is_now: true }]);
});

test('a shredding waits for whoever adds, and takes that key too', async () => {
  const store = postgresKeyStore(pool);
  await store.add(storedKey('late', 1), undefined, call());
  const adding = await pool.connect();
  await adding.query('BEGIN');
  await adding.query("UPDATE unite_data_key_tenants SET primary_key_id = 2 WHERE tenant_id = 'late'");
  await adding.query("INSERT INTO unite_data_keys VALUES ('late', 2, 2, 'root', '\\x00', 0)");
  const shredding = store.shred('late', call());
  while ((await pool.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).rows.length === 0);
  await adding.query('COMMIT');
  adding.release();
  expect(await shredding).toBe(2);
  expect((await store.read('late', call()))?.keys).toEqual([]);
});

test('a failed shredding is rolled back', async () => {
  const own = newPool({ max: 1 });
  const store = postgresKeyStore(own);
  await store.add(storedKey('kept', 1), undefined, call());
  await pool.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
    CREATE TRIGGER refuse BEFORE DELETE ON unite_data_keys FOR EACH ROW
    WHEN (OLD.tenant_id = 'kept') EXECUTE FUNCTION refuse()`);
  await expect(store.shred('kept', call())).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE' });
  expect((await store.read('kept', call()))?.keys).toHaveLength(1);
});

test('belongs to no request', async () => {
  const seen: (string | undefined)[] = [];
  const { currentContext } = await import('@unite/core/context');
  const spied = {
    connect: () => {
      seen.push(currentContext()?.tenantId);
      return pool.connect();
    },
  };
  await runWithContext(createContext({ tenantId: 'acme' }), () =>
    postgresKeyStore(spied).read('acme', call()),
  );
  expect(seen).toEqual([undefined]);
});

test('missing tables are told, with what makes them', async () => {
  await expect(postgresKeyStore(pool, { tablePrefix: 'other' }).read('acme', call())).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
    message: expect.stringContaining('run the SQL of keyStoreSql()'),
  });
});

test.each(['a\0b', 'x'.repeat(1_025)])(
  'a tenant that PostgreSQL cannot keep is refused (%#)',
  async (tenantId) => {
    const store = postgresKeyStore(pool);
    const refused = { code: 'UNITE_CRYPTO_PLACE_INVALID' };
    await expect(store.read(tenantId, call())).rejects.toMatchObject(refused);
    await expect(store.add(storedKey(tenantId, 1), undefined, call())).rejects.toMatchObject(refused);
    await expect(store.shred(tenantId, call())).rejects.toMatchObject(refused);
  },
);

describe('when it cannot be asked', () => {
  const unavailable = { code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE' };

  test('a call ends with its time, and the connection is not used again', async () => {
    const own = newPool({ max: 1 });
    const store = postgresKeyStore(own, { timeoutMs: 300 });
    const locking = await pool.connect();
    await locking.query('BEGIN; LOCK TABLE unite_data_keys');
    await expect(store.read('acme', call())).rejects.toMatchObject(unavailable);
    await locking.query('ROLLBACK');
    locking.release();
    expect(await postgresKeyStore(own).read('nobody', call())).toBeUndefined();
  });

  test('a pool without a free connection is waited for no longer, and gets it back', async () => {
    const own = newPool({ max: 1 });
    const taken = await own.connect();
    const store = postgresKeyStore(own, { timeoutMs: 100 });
    await expect(store.read('acme', call())).rejects.toMatchObject(unavailable);
    taken.release();
    expect(await postgresKeyStore(own).read('nobody', call())).toBeUndefined();
  });

  test('a server that is not there is an outage; the cause has no values', async () => {
    const own = newPool({ connectionString: 'postgres://127.0.0.1:1/none' });
    await expect(postgresKeyStore(own).read('acme', call())).rejects.toMatchObject({
      ...unavailable,
      cause: { code: 'ECONNREFUSED' },
    });
  });

  test('a wrong password is refused access', async () => {
    const url = new URL(cluster.primaryUrl);
    url.password = 'wrong';
    const own = newPool({ connectionString: url.href });
    await expect(postgresKeyStore(own).read('acme', call())).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYS_DENIED',
    });
  });

  test('a connection that tells that it broke ends no process, and is closed', async () => {
    const client = Object.assign(new EventEmitter(), {
      released: undefined as unknown,
      release(error?: Error | boolean) {
        client.released = error;
      },
      async query() {
        client.emit('error', new Error('reset'));
        throw new Error('Connection terminated');
      },
    });
    await expect(
      postgresKeyStore({ connect: async () => client }).read('acme', call()),
    ).rejects.toMatchObject(unavailable);
    expect(client.released).toBeInstanceOf(Error);
    expect(client.listenerCount('error')).toBe(0);
  });

  test('a time that is up already asks nobody', async () => {
    const late = { signal: AbortSignal.abort() };
    await expect(postgresKeyStore(pool).tenants({ limit: 1 }, late)).rejects.toMatchObject(unavailable);
  });

  test('a connection that breaks meanwhile is an outage, and closed', async () => {
    const own = newPool({ max: 1 });
    const store = postgresKeyStore(own);
    const locking = await pool.connect();
    await locking.query('BEGIN; LOCK TABLE unite_data_keys');
    const reading = store.shred('broken', call());
    const waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    let pid: number | undefined;
    while (pid === undefined) pid = (await pool.query(waiting)).rows[0]?.pid;
    await pool.query('SELECT pg_terminate_backend($1)', [pid]);
    await expect(reading).rejects.toMatchObject(unavailable);
    await locking.query('ROLLBACK');
    locking.release();
    expect(await store.read('broken', call())).toBeUndefined();
  });
});

test.each([
  [['postgres://me:secret@db'], /pool must be a pool of pg, got text$/],
  [[null], /pool must be a pool of pg, got null/],
  [[{ connect() {} }, { tablePrefix: 'X' }], /option "tablePrefix"/],
  [[{ connect() {} }, { timeoutMs: 0 }], /option "timeoutMs"/],
])('refuses arguments that are none (%#)', (given, message) => {
  expect(() => postgresKeyStore(...(given as unknown as [pg.Pool]))).toThrow(message);
  expect(() => keyStoreSql({ tablePrefix: 'a;b' })).toThrow(/keyStoreSql: option "tablePrefix"/);
});
