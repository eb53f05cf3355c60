import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { type Cluster, idempotencyTableSql, type Transaction, type TransactionOptions } from '../../src';
import { eventually } from './support/eventually';
import { type Lab, startLab } from './support/start-lab';
import { timed } from './support/timed';

let lab: Lab;
let db: Cluster<pg.Pool>;

beforeAll(async () => {
  lab = await startLab();
  db = lab.open();
  await lab.ask(
    lab.primary,
    `CREATE TABLE accounts (name text PRIMARY KEY, balance int NOT NULL);
     CREATE SCHEMA ops;
     ${idempotencyTableSql()}
     ${idempotencyTableSql('ops.keys')}`,
  );
});
beforeEach(async () => {
  await lab.ask(lab.primary, `TRUNCATE accounts; INSERT INTO accounts VALUES ('ada', 100), ('bob', 100)`);
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

async function balances(): Promise<Record<string, number>> {
  const rows = await lab.ask<{ name: string; balance: number }>(lab.primary, 'SELECT * FROM accounts');
  return Object.fromEntries(rows.map(({ name, balance }) => [name, balance]));
}

const pay = 'UPDATE accounts SET balance = balance + $2 WHERE name = $1';

/** Lets two parties go on together, once. */
function meeting(parties: number): () => Promise<void> {
  let missing = parties;
  let open: () => void = () => undefined;
  const met = new Promise<void>((resolve) => {
    open = resolve;
  });
  return async () => {
    missing -= 1;
    if (missing === 0) open();
    await met;
  };
}

describe('a transaction', () => {
  it('commits what its work did, and gives what it returned', async () => {
    const result = await db.transaction(async (tx) => {
      await tx.query(pay, ['ada', -30]);
      await tx.query(pay, ['bob', 30]);
      return { paid: 30 };
    });
    expect(result).toEqual({ paid: 30 });
    expect(await balances()).toEqual({ ada: 70, bob: 130 });
  });

  it('rolls back when its work throws, with that very error', async () => {
    const reason = new Error('not enough');
    const { error } = await timed(() =>
      db.transaction(async (tx) => {
        await tx.query(pay, ['ada', -30]);
        throw reason;
      }),
    );
    expect(error).toBe(reason);
    expect(await balances()).toEqual({ ada: 100, bob: 100 });
    expect(db.status().counts.retriedTransactions).toBe(0);
  });

  it('rolls back when its work throws what is no error', async () => {
    const work = async (tx: Transaction) => {
      await tx.query(pay, ['ada', -30]);
      throw undefined;
    };
    await expect(db.transaction(work)).rejects.toBeUndefined();
    expect(await balances()).toEqual({ ada: 100, bob: 100 });
  });

  it('rolls back when its work throws without a promise', async () => {
    const reason = new Error('at once');
    const work = () => {
      throw reason;
    };
    await expect(db.transaction(work)).rejects.toBe(reason);
    expect((await db.transaction((tx) => tx.query('SELECT 1 AS one'))).rows).toEqual([{ one: 1 }]);
  });

  it('tells the server’s own error of a statement', async () => {
    const { error } = await timed(() =>
      db.transaction((tx) => tx.query(`INSERT INTO accounts VALUES ('ada', 1)`)),
    );
    expect(error).toMatchObject({ code: '23505', constraint: 'accounts_pkey' });
  });

  it('whose work swallowed a failed statement says that it was rolled back', async () => {
    const { error } = await timed(() =>
      db.transaction(async (tx) => {
        await tx.query(pay, ['ada', -30]);
        await tx.query('SELECT 1 / 0').catch(() => undefined);
      }),
    );
    expect(error).toMatchObject({ code: 'UNITE_DB_ROLLED_BACK' });
    expect(await balances()).toEqual({ ada: 100, bob: 100 });
  });

  it('commits after a savepoint took back what failed', async () => {
    await db.transaction(async (tx) => {
      await tx.query(pay, ['ada', -30]);
      await tx.query('SAVEPOINT before');
      await tx.query('SELECT 1 / 0').catch(() => undefined);
      await tx.query('ROLLBACK TO SAVEPOINT before');
    });
    expect(await balances()).toEqual({ ada: 70, bob: 100 });
  });

  it('refuses queries after its end', async () => {
    let kept: Transaction | undefined;
    await db.transaction(async (tx) => {
      kept = tx;
    });
    await expect(kept?.query('SELECT 1')).rejects.toThrow('The transaction is over');
  });

  it('is not ended by its work', async () => {
    for (const text of ['COMMIT', 'rollback', 'BEGIN', 'END', '/* x */ COMMIT', 'SELECT 1; COMMIT']) {
      await expect(db.transaction((tx) => tx.query(text))).rejects.toThrow('throw to roll back');
    }
  });

  it('may do what only looks like its end', async () => {
    await db.transaction(async (tx) => {
      await tx.query(`DO $$ BEGIN UPDATE accounts SET balance = 1; END $$`);
      await tx.query(`SELECT CASE WHEN true THEN '; COMMIT' END`);
    });
    expect(await balances()).toEqual({ ada: 1, bob: 1 });
  });

  it('inside another one is its own', async () => {
    const reason = new Error('outer');
    await db
      .transaction(async (outer) => {
        await outer.query(pay, ['ada', 1]);
        await db.transaction((inner) => inner.query(pay, ['bob', 1]));
        throw reason;
      })
      .catch(() => undefined);
    expect(await balances()).toEqual({ ada: 100, bob: 101 });
  });

  it('inside another one, without a connection left for it, ends in time', async () => {
    await using narrow = lab.open({ pool: { max: 1 } });
    const { error, ms } = await timed(() =>
      narrow.transaction((outer) =>
        narrow.transaction((inner) => inner.query('SELECT 1'), { timeoutMs: 200 }).then(() => outer),
      ),
    );
    expect(error).toMatchObject({ code: 'UNITE_DB_DEADLINE_EXCEEDED' });
    expect(ms).toBeLessThan(10_000);
  });

  it.each(['read committed', 'repeatable read', 'serializable'] as const)('runs at %s', async (isolation) => {
    const { rows } = await db.transaction((tx) => tx.query('SHOW transaction_isolation'), { isolation });
    expect(rows).toEqual([{ transaction_isolation: isolation }]);
    const after = await db.query('SHOW transaction_isolation');
    expect(after.rows).toEqual([{ transaction_isolation: 'read committed' }]);
  });

  it('takes prepared statements, values and several queries at once', async () => {
    const rows = await db.transaction(async (tx) => {
      const answers = await Promise.all([
        tx.query({ name: 'sum', text: 'SELECT $1::int + 1 AS value', values: [1] }),
        tx.query({ text: 'SELECT $1::int AS value', values: [5] }),
        tx.query('SELECT $1::int AS value', [7]),
      ]);
      return answers.map((answer) => answer.rows[0]?.value);
    });
    expect(rows).toEqual([2, 5, 7]);
  });

  it.each([
    [{ isolation: 'snapshot' }, /option "isolation" must be one of/],
    [{ maxAttempts: 0 }, /option "maxAttempts" must be a whole number of at least 1, got 0/],
    [{ timeoutMs: 0 }, /option "timeoutMs" must be/],
    [{ idempotencyKey: '' }, /option "idempotencyKey" must be/],
    [{ retries: 3 }, /unknown option "retries"/],
  ])('refuses options %j', async (options, message) => {
    const call = async () => db.transaction(async () => 1, options as TransactionOptions);
    await expect(call()).rejects.toThrow(message);
  });
});

describe('transactions that get in each other’s way', () => {
  it('are tried again after a serialization failure', async () => {
    const before = db.status().counts.retriedTransactions;
    const meet = meeting(2);
    let attempts = 0;
    const withdraw = (name: string) =>
      db.transaction(
        async (tx) => {
          attempts += 1;
          const { rows } = await tx.query<{ sum: number }>('SELECT sum(balance)::int AS sum FROM accounts');
          await meet();
          if ((rows[0]?.sum ?? 0) < 200) return false;
          await tx.query(pay, [name, -150]);
          return true;
        },
        { isolation: 'serializable' },
      );
    const results = await Promise.all([withdraw('ada'), withdraw('bob')]);
    expect(results.sort()).toEqual([false, true]);
    expect(attempts).toBe(3);
    expect(db.status().counts.retriedTransactions - before).toBe(1);
  });

  it('are tried again after a deadlock', async () => {
    const meet = meeting(2);
    let attempts = 0;
    const transfer = (from: string, to: string) =>
      db.transaction(async (tx) => {
        attempts += 1;
        await tx.query(pay, [from, -10]);
        await meet();
        await tx.query(pay, [to, 10]);
      });
    await Promise.all([transfer('ada', 'bob'), transfer('bob', 'ada')]);
    expect(attempts).toBe(3);
    expect(await balances()).toEqual({ ada: 100, bob: 100 });
  });

  it('are tried as often as was allowed, and then tell the server’s error', async () => {
    let attempts = 0;
    const { error } = await timed(() =>
      db.transaction(
        async (tx) => {
          attempts += 1;
          await tx.query('SELECT * FROM accounts');
          await lab.ask(lab.primary, pay, ['ada', 1]);
          await tx.query(pay, ['ada', 1]);
        },
        { isolation: 'repeatable read', maxAttempts: 3 },
      ),
    );
    expect(error).toMatchObject({ code: '40001' });
    expect(attempts).toBe(3);
    expect(await balances()).toEqual({ ada: 103, bob: 100 });
  });

  it('are tried again although their work swallowed the failure', async () => {
    let attempts = 0;
    const { error } = await timed(() =>
      db.transaction(
        async (tx) => {
          attempts += 1;
          await tx.query('SELECT * FROM accounts');
          if (attempts === 1) await lab.ask(lab.primary, pay, ['ada', 1]);
          await tx.query(pay, ['ada', 1]).catch(() => undefined);
        },
        { isolation: 'repeatable read' },
      ),
    );
    // Either is right: told of, or done. Silence without an effect is not.
    if (error) expect(error).toMatchObject({ code: 'UNITE_DB_ROLLED_BACK' });
    expect(await balances()).toEqual({ ada: error ? 101 : 102, bob: 100 });
  });

  it('single statements are tried again, too', async () => {
    const meet = meeting(2);
    await lab.ask(
      lab.primary,
      `CREATE OR REPLACE FUNCTION cross_update(one text, other text) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE accounts SET balance = balance + 1 WHERE name = one;
        PERFORM pg_sleep(0.3);
        UPDATE accounts SET balance = balance + 1 WHERE name = other;
      END $$`,
    );
    const run = async (one: string, other: string) => {
      await meet();
      await db.query('SELECT cross_update($1, $2)', [one, other]);
    };
    await Promise.all([run('ada', 'bob'), run('bob', 'ada')]);
    expect(await balances()).toEqual({ ada: 102, bob: 102 });
  });
});

describe('an idempotency key', () => {
  const once = (key: string, result: unknown, cluster = db) =>
    cluster.transaction(
      async (tx) => {
        await tx.query(pay, ['ada', 1]);
        return result;
      },
      { idempotencyKey: key },
    );

  it.each([
    ['a text', 'done'],
    ['an object', { id: 7, tags: ['a', null], nested: { yes: true } }],
    ['null', null],
    ['undefined', undefined],
    ['a number', 0],
    ['false', false],
  ])('lets the transaction take effect once, and gives its result again: %s', async (what, result) => {
    expect(await once(`kept:${what}`, result)).toEqual(result);
    expect(await once(`kept:${what}`, result)).toEqual(result);
    expect(await balances()).toEqual({ ada: 101, bob: 100 });
  });

  it('does not call the work again', async () => {
    let calls = 0;
    const run = () =>
      db.transaction(
        async () => {
          calls += 1;
          return calls;
        },
        { idempotencyKey: 'calls' },
      );
    expect([await run(), await run(), await run()]).toEqual([1, 1, 1]);
  });

  it('holds for twenty callers at once', async () => {
    let calls = 0;
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        db.transaction(
          async (tx) => {
            const call = ++calls;
            await tx.query(pay, ['ada', 1]);
            return { call };
          },
          { idempotencyKey: 'twenty' },
        ),
      ),
    );
    expect(await balances()).toEqual({ ada: 101, bob: 100 });
    expect(new Set(results.map(({ call }) => call)).size).toBe(1);
  });

  it.each(['repeatable read', 'serializable'] as const)(
    'holds for twenty callers at %s',
    async (isolation) => {
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, caller) =>
          db.transaction(
            async (tx) => {
              await tx.query(pay, ['ada', 1]);
              return caller;
            },
            { idempotencyKey: `twenty:${isolation}`, isolation, maxAttempts: 20 },
          ),
        ),
      );
      expect(await balances()).toEqual({ ada: 101, bob: 100 });
      expect(new Set(results).size).toBe(1);
    },
  );

  it('is free again after a rollback', async () => {
    const failing = db.transaction(
      async (tx) => {
        await tx.query(pay, ['ada', 50]);
        throw new Error('no');
      },
      { idempotencyKey: 'rolled back' },
    );
    await expect(failing).rejects.toThrow('no');
    expect(await once('rolled back', 'done')).toBe('done');
    expect(await balances()).toEqual({ ada: 101, bob: 100 });
  });

  it('tells before the commit of a result that cannot be kept', async () => {
    let calls = 0;
    const { error } = await timed(() =>
      db.transaction(
        async (tx) => {
          calls += 1;
          await tx.query(pay, ['ada', 1]);
          return { id: 7n };
        },
        { idempotencyKey: 'bigint' },
      ),
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(error?.message).toMatch(/the result is kept with its idempotencyKey as JSON.*BigInt/);
    expect(calls).toBe(1);
    expect(await balances()).toEqual({ ada: 100, bob: 100 });
    expect(await lab.ask(lab.primary, `SELECT 1 FROM unite_idempotency WHERE key = 'bigint'`)).toEqual([]);
  });

  it.each(['\u0000', '\ud800'])('tells of one that PostgreSQL’s JSON cannot hold: %j', async (result) => {
    const transaction = db.transaction(async () => result, {
      idempotencyKey: `unkeepable ${result.charCodeAt(0)}`,
    });
    await expect(transaction).rejects.toThrow(/^transaction: the result is kept .* cannot be: /);
  });

  it('is kept in a table of another schema where one is named', async () => {
    await using other = lab.open({ idempotencyTable: 'ops.keys' });
    expect(await once('there', 'first', other)).toBe('first');
    expect(await once('there', 'second', other)).toBe('first');
    expect(await once('there', 'here', db)).toBe('here');
    expect(await lab.ask(lab.primary, 'SELECT key, result FROM ops.keys')).toEqual([
      { key: 'there', result: 'first' },
    ]);
  });

  it('without its table names the table and what makes it', async () => {
    await using other = lab.open({ idempotencyTable: 'missing_keys' });
    const { error } = await timed(() => once('key', 'x', other));
    expect(error?.message).toContain('missing_keys');
    expect(error?.message).toContain('idempotencyTableSql()');
    expect(error?.cause).toMatchObject({ code: '42P01' });
    expect(await balances()).toEqual({ ada: 100, bob: 100 });
  });

  it('lets the caller who lost wait for the one who holds it, within its time', async () => {
    const meet = meeting(2);
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const holder = db.transaction(
      async () => {
        await meet();
        await finished;
        return 'holder';
      },
      { idempotencyKey: 'held' },
    );
    await meet();
    const impatient = await timed(() =>
      db.transaction(async () => 'impatient', { idempotencyKey: 'held', timeoutMs: 200 }),
    );
    expect(impatient.error).toMatchObject({ code: 'UNITE_DB_DEADLINE_EXCEEDED' });
    const patient = db.transaction(async () => 'patient', { idempotencyKey: 'held' });
    await eventually(async () => {
      const [row] = await lab.ask<{ count: number }>(
        lab.primary,
        `SELECT count(*)::int AS count FROM pg_locks WHERE NOT granted`,
      );
      return row?.count;
    });
    finish();
    expect([await holder, await patient]).toEqual(['holder', 'holder']);
  });
});
