import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import type pg from 'pg';
import Cursor from 'pg-cursor';
import type { Cluster } from '../../src';
import { type Lab, startLab } from './support/start-lab';

let lab: Lab;
let db: Cluster<pg.Pool>;
let client: pg.PoolClient;

beforeAll(async () => {
  lab = await startLab();
  await lab.ask(lab.primary, 'CREATE TABLE notes (id int, doc jsonb)');
  await lab.replayed();
  db = lab.open();
  await db.ready();
});
beforeEach(async () => {
  await lab.ask(lab.primary, 'TRUNCATE notes');
  client = await db.connect();
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

const ids = async () =>
  (await lab.ask<{ id: number }>(lab.primary, 'SELECT id FROM notes ORDER BY id')).map(({ id }) => id);

describe('out of time', () => {
  it('sends no statement, and says that nothing took effect', async () => {
    const aborted = createContext({ signal: AbortSignal.abort() });
    const insert = runWithContext(aborted, () => client.query('INSERT INTO notes VALUES (1)'));
    await expect(insert).rejects.toMatchObject({ code: 'UNITE_DB_ABORTED' });
    client.release();
    expect(await ids()).toEqual([]);
  });

  it('sends no commit, and the transaction is rolled back', async () => {
    await client.query('BEGIN');
    await client.query('INSERT INTO notes VALUES (1)');
    const late = createContext({ deadlineAtMs: Date.now() - 1 });
    const commit = runWithContext(late, () => client.query('COMMIT'));
    await expect(commit).rejects.toMatchObject({ code: 'UNITE_DB_DEADLINE_EXCEEDED' });
    client.release();
    await db.query('LOCK TABLE notes IN ACCESS SHARE MODE').catch(() => undefined);
    expect(await ids()).toEqual([]);
  });
});

describe('a failed transaction', () => {
  it.each([
    'COMMIT',
    "COMMIT /* traceparent='00-4bf9-01' */",
    '/* app:web */ COMMIT',
    'COMMIT -- done',
    'COMMIT AND NO CHAIN',
    'COMMIT AND CHAIN',
    'COMMIT; SELECT 1',
    "PREPARE TRANSACTION 'x'",
  ])('is no success by %s', async (commit) => {
    await client.query('BEGIN');
    await client.query('INSERT INTO notes VALUES (1)');
    await expect(client.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    await expect(client.query(commit)).rejects.toMatchObject({ code: 'UNITE_DB_ROLLED_BACK' });
    client.release();
    expect(await ids()).toEqual([]);
  });

  it('that forgot to roll back keeps its failure to itself', async () => {
    await expect(client.query('BEGIN; SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    client.release();
    await Promise.all(Array.from({ length: 10 }, (_, id) => db.query('INSERT INTO notes VALUES ($1)', [id])));
    expect(await ids()).toHaveLength(10);
  });
});

describe('statements that are not awaited', () => {
  it('are sent in order, and all before the connection goes back', async () => {
    const sent = ['BEGIN', 'INSERT INTO notes VALUES (1)', 'COMMIT'].map((text) => client.query(text));
    client.release();
    await Promise.all(sent);
    expect(await ids()).toEqual([1]);
  });

  it('behind one that runs are told of a value that cannot be sent as the mistake that it is', async () => {
    await client.query('BEGIN');
    const both = [
      client.query('SELECT pg_sleep(0.02)'),
      client.query('INSERT INTO notes VALUES (1, $1)', [{ n: 1n }]),
    ];
    await expect(both[0]).resolves.toBeDefined();
    await expect(both[1]).rejects.toThrow('serialize a BigInt');
    await client.query('ROLLBACK');
    await client.query('INSERT INTO notes VALUES (2)');
    client.release();
    expect(await ids()).toEqual([2]);
  });

  it('in a transaction of the cluster are as well, and it runs once', async () => {
    let runs = 0;
    const transaction = db.transaction(async (tx) => {
      runs += 1;
      await Promise.all([
        tx.query('SELECT pg_sleep(0.02)'),
        tx.query('INSERT INTO notes VALUES (1, $1)', [{ n: 1n }]),
      ]);
    });
    await expect(transaction).rejects.toThrow('serialize a BigInt');
    expect(runs).toBe(1);
    client.release();
  });

  it('a value that cannot be sent is a mistake twice over one connection too', async () => {
    client.release();
    await using narrow = lab.open({ pool: { max: 1 } });
    const insert = () => narrow.query('INSERT INTO notes VALUES (1, $1)', [{ n: 1n }]);
    for (let turn = 0; turn < 5; turn++) await expect(insert()).rejects.toThrow('serialize a BigInt');
    expect(narrow.status().counts.unknownCommits).toBe(0);
  });
});

describe('a cursor that is not at its end', () => {
  it('costs the next caller nothing', async () => {
    client.release();
    await using narrow = lab.open({ pool: { max: 1 } });
    const borrowed = await narrow.connect();
    const cursor = borrowed.query(new Cursor('SELECT generate_series(1, 100)'));
    await cursor.read(1);
    borrowed.release();
    await narrow.query('INSERT INTO notes VALUES (1)');
    expect(await ids()).toEqual([1]);
  });

  it('and one that is leaves the connection in use', async () => {
    client.release();
    await using narrow = lab.open({ pool: { max: 1 } });
    const borrowed = await narrow.connect();
    const { rows } = await borrowed.query('SELECT pg_backend_pid() AS pid');
    const cursor = borrowed.query(new Cursor('SELECT generate_series(1, 3)'));
    await cursor.read(10);
    await cursor.close();
    borrowed.release();
    expect((await narrow.query('SELECT pg_backend_pid() AS pid')).rows).toEqual(rows);
  });
});

describe('the position of a session', () => {
  it('is known after a borrowed client’s commit, without asking', async () => {
    const context = createContext({});
    await runWithContext(context, async () => {
      await client.query('BEGIN');
      expect(db.sessionTokenNow()).toBeUndefined();
      await client.query('INSERT INTO notes VALUES (1)');
      await client.query('COMMIT');
      client.release();
    });
    const borrowed = await runWithContext(createContext({}), async () => {
      const own = await db.connect();
      await own.query('BEGIN');
      await own.query('INSERT INTO notes VALUES (2)');
      await own.query('COMMIT');
      own.release();
      return db.sessionTokenNow();
    });
    expect(borrowed?.lsn).toEqual(expect.any(BigInt));
  });

  it('is no reason to call a commit failed for whoever may not ask for it', async () => {
    await lab.ask(
      lab.primary,
      `CREATE ROLE clerk; GRANT ALL ON notes TO clerk; GRANT clerk TO CURRENT_USER;
       REVOKE EXECUTE ON FUNCTION pg_current_wal_lsn() FROM PUBLIC`,
    );
    await client.query('BEGIN; SET LOCAL ROLE clerk; SET SESSION ROLE clerk');
    await client.query('INSERT INTO notes VALUES (1)');
    await expect(client.query('COMMIT')).resolves.toMatchObject({ command: 'COMMIT' });
    client.release(true);
    await db.transaction(async (tx) => {
      await tx.query('SET ROLE clerk');
      await tx.query('INSERT INTO notes VALUES (2)');
    });
    await lab.ask(lab.primary, 'GRANT EXECUTE ON FUNCTION pg_current_wal_lsn() TO PUBLIC');
    expect(await ids()).toEqual([1, 2]);
  });
});

describe('a session sees, from a replica that is behind, what its borrowed client wrote', () => {
  const writes: Record<string, (write: () => Promise<void>) => Promise<void>> = {
    'in one text behind ROLLBACK': async (lag) => {
      await client.query('BEGIN');
      await lag();
      await client.query('ROLLBACK; INSERT INTO notes VALUES (1)');
    },
    'behind a ROLLBACK that was not awaited': async (lag) => {
      await client.query('BEGIN');
      await lag();
      void client.query('ROLLBACK');
      await client.query('INSERT INTO notes VALUES (1)');
    },
    'by a cursor': async (lag) => {
      const cursor = client.query(new Cursor('INSERT INTO notes VALUES (1) RETURNING id'));
      await db.readOnly().query('SELECT 1');
      await lag();
      await cursor.read(1);
      await cursor.close();
    },
    'by a cursor behind a statement that runs': async (lag) => {
      await lag();
      const running = client.query('SELECT pg_sleep(0.02)');
      const cursor = client.query(new Cursor('INSERT INTO notes VALUES (1) RETURNING id'));
      expect(await cursor.read(1)).toEqual([{ id: 1 }]);
      await running;
      await cursor.close();
    },
  };

  it.each(Object.keys(writes))('%s', async (how) => {
    // Where the position is known, and so not asked for: what comes now must make it unknown again.
    await db.readOnly().query('SELECT 1');
    const replicas = [lab.one, lab.two];
    await writes[how]?.(async () => {
      for (const node of replicas) await lab.ask(node, 'SELECT pg_wal_replay_pause()');
    });
    const { rows } = await db.readOnly().query('SELECT id FROM notes');
    for (const node of replicas) await lab.ask(node, 'SELECT pg_wal_replay_resume()');
    client.release();
    expect(rows).toEqual([{ id: 1 }]);
  });
});
