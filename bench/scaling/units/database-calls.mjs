import { createRequire } from 'node:module';
import { createCluster } from '../../../packages/db-ha/dist/index.js';
import { startPostgres } from '../../../scripts/services/dist/index.js';
import { privateBytes, processorUs } from './server-processor.mjs';
import { figure, inTurns, unitCost } from './unit-cost.mjs';

const require = createRequire(new URL('../../package.json', import.meta.url));
const { Client, Pool } = require('pg');

/** PostgreSQL's processor time for what @unite/db-ha asks beside the application, and for small statements. */
export async function databaseCalls({ rounds, scale }) {
  const postgres = await startPostgres({ replicas: 0 });
  const url = postgres.primaryUrl;
  const pool = new Pool({ connectionString: url, max: 8 });
  try {
    await pool.query(`create table contacts (id bigint primary key, tenant_id text, name text, email text)`);
    await pool.query(
      `insert into contacts select i, 'tenant-' || i % 100, 'Ada ' || i, 'ada' || i || '@example.com' from generate_series(1, 100000) i`,
    );
    await pool.query('vacuum analyze contacts');
    const question = await questionOfCluster(url);
    const used = () => processorUs(postgres.nodes[0].pid);
    const cost = (what, calls, work) =>
      unitCost({ what, unit: 'µs of PostgreSQL', rounds, calls: Math.ceil(calls * scale) }, used, (times) =>
        inTurns(Array.from({ length: 8 }), times, (_, call) => work(call)),
      );
    const idOf = (call) => ((call * 7_919) % 100_000) + 1;
    let inserted = 1_000_000;
    return {
      selectUs: await cost('a row by its key', 10_000, (call) =>
        pool.query({ name: 'one', text: 'select * from contacts where id = $1', values: [idOf(call)] }),
      ),
      insertUs: await cost('a row inserted, and committed', 2_000, () =>
        pool.query({
          name: 'add',
          text: `insert into contacts values ($1, 't', 'n', 'e')`,
          values: [inserted++],
        }),
      ),
      positionUs: await cost('a server asked for its position', 3_000, () => pool.query(question)),
      probeUs: await cost('a probe over a new connection, and its end', 200, async () => {
        const client = new Client({ connectionString: url });
        await client.connect();
        await client.query(question);
        await client.end();
      }),
      connectionBytes: await idleConnection(pool),
    };
  } finally {
    await pool.end();
    await postgres.close();
  }
}

/** The statement by which a cluster asks a server who it is, and where. */
async function questionOfCluster(url) {
  let question;
  class WatchedClient extends Client {
    query(text, ...rest) {
      if (String(text).includes('pg_control_system')) question ??= text;
      return super.query(text, ...rest);
    }
  }
  class WatchedPool extends Pool {
    constructor(options) {
      super({ ...options, Client: WatchedClient });
    }
  }
  const cluster = createCluster({ nodes: [{ url }], Pool: WatchedPool });
  await cluster.query('select 1');
  await cluster.close();
  return question;
}

/** Memory that a connection has to itself after some statements. */
async function idleConnection(pool) {
  const { rows } = await pool.query(
    `select pid from pg_stat_activity where backend_type = 'client backend' and state = 'idle'`,
  );
  return figure(
    { what: 'an idle connection, to itself', unit: 'bytes' },
    rows.map(({ pid }) => privateBytes(pid)),
  );
}
