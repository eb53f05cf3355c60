import { expect, it } from '@jest/globals';
import pg from 'pg';
import { createCluster } from '../../src';
import { startLab } from './support/start-lab';

/** `pg` before 8.21 does not tell the state of a transaction. */
class OlderClient extends pg.Client {
  declare getTransactionStatus: never;
}
Object.defineProperty(OlderClient.prototype, 'getTransactionStatus', { value: undefined });

class OlderPool extends pg.Pool {
  constructor(config: pg.PoolConfig) {
    super({ ...config, Client: OlderClient } as pg.PoolConfig);
  }
}

it('a client released inside a transaction does not come back', async () => {
  await using lab = await startLab();
  const db = createCluster({ nodes: [lab.nodes[0]], Pool: OlderPool, pool: { max: 1 } });
  await db.query('CREATE TABLE notes (id int)');
  const client = await db.connect();
  expect(client).toBeInstanceOf(OlderClient);
  await client.query('BEGIN');
  client.release();
  await db.query('INSERT INTO notes VALUES (1)');
  expect(await lab.ask(lab.primary, 'SELECT id FROM notes')).toEqual([{ id: 1 }]);
  await expect(db.query('BEGIN')).rejects.toMatchObject({ code: 'UNITE_DB_ROLLED_BACK' });
  await db.close();
});
