import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import pg from 'pg';
import { type Cluster, createCluster, DatabaseError } from '../../src';
import { eventually } from './support/eventually';
import { held, type Lab, startLab } from './support/start-lab';
import { type Timed, timed } from './support/timed';

let lab: Lab;
let db: Cluster<pg.Pool>;
let holder: pg.Client;

beforeAll(async () => {
  lab = await startLab();
  await lab.ask(
    lab.primary,
    `CREATE TABLE rows (id int PRIMARY KEY, value int); INSERT INTO rows VALUES (1, 0)`,
  );
  holder = new pg.Client({ connectionString: lab.primary.url });
  await holder.connect();
});
beforeEach(async () => {
  db = lab.open({ pool: { max: 2 } });
  await db.ready();
});
afterEach(async () => {
  await holder.query('ROLLBACK');
  await lab.ask(lab.primary, 'UPDATE rows SET value = 0');
  await db.close({ timeoutMs: 500 });
});
afterAll(async () => {
  await holder?.end();
  await lab?.[Symbol.asyncDispose]();
});

const within = <Result>(ms: number, work: () => Promise<Result>): Promise<Timed<Result>> =>
  timed(() => runWithContext(createContext({ deadlineAtMs: Date.now() + ms }), work));

function expectOutOfTime({ error, ms }: Timed<unknown>, deadlineMs: number): void {
  expect(error).toMatchObject({
    code: 'UNITE_DB_DEADLINE_EXCEEDED',
    message: expect.stringContaining('nothing took effect'),
  });
  expect(ms).toBeGreaterThan(deadlineMs - 30);
  // Far less than what it waited for.
  expect(ms).toBeLessThan(deadlineMs + 10_000);
}

/** Nobody works on it, and nobody holds a lock on the row. */
async function expectGone(text: string): Promise<void> {
  await eventually(async () => !(await lab.working(lab.primary, text)), 10_000);
  await lab.ask(lab.primary, `SET lock_timeout = '10s'; SELECT * FROM rows FOR UPDATE; RESET lock_timeout`);
}

async function value(): Promise<number | undefined> {
  const [row] = await lab.ask<{ value: number }>(lab.primary, 'SELECT value FROM rows');
  return row?.value;
}

describe('the request’s deadline', () => {
  it('ends a statement, and the server stops with it', async () => {
    const text = 'UPDATE rows SET value = 1 FROM pg_sleep(30)';
    expectOutOfTime(await within(150, () => db.query(text)), 150);
    await expectGone(text);
    expect(await value()).toBe(0);
    expect(db.status().counts.unknownCommits).toBe(0);
  });

  it('leaves the connection of a cancelled statement in use', async () => {
    await within(100, () => db.query('SELECT pg_sleep(30)'));
    const pids = await Promise.all([1, 2, 3, 4].map(() => db.query('SELECT pg_backend_pid() AS pid')));
    expect(new Set(pids.map(({ rows }) => rows[0]?.pid)).size).toBeLessThanOrEqual(2);
    expect(db.status().nodes[0]?.inFlight).toBe(0);
  });

  it('ends the wait for a lock', async () => {
    await holder.query('BEGIN');
    await holder.query('UPDATE rows SET value = 5');
    const text = 'UPDATE rows SET value = 2';
    expectOutOfTime(await within(150, () => db.query(text)), 150);
    await holder.query('ROLLBACK');
    await expectGone(text);
    expect(await value()).toBe(0);
  });

  it('ends a read on a replica', async () => {
    const text = 'SELECT pg_sleep(31)';
    expectOutOfTime(await within(150, () => db.readOnly().query(text)), 150);
    for (const node of [lab.one, lab.two])
      await eventually(async () => !(await lab.working(node, text)), 10_000);
    expect(db.status().counts.retriedReads).toBe(0);
  });

  it('ends the wait for a replica that replays', async () => {
    await using patient = lab.open({ reads: { waitForReplicaMs: 10_000 } });
    await patient.ready();
    for (const node of [lab.one, lab.two]) await lab.ask(node, 'SELECT pg_wal_replay_pause()');
    try {
      // Long enough for the write, however busy the machine is.
      const end = await within(3_000, async () => {
        await patient.query('UPDATE rows SET value = 0');
        await patient.readOnly().query('SELECT 1');
      });
      expectOutOfTime(end, 3_000);
    } finally {
      for (const node of [lab.one, lab.two]) await lab.ask(node, 'SELECT pg_wal_replay_resume()');
    }
  });

  it('ends the wait for a connection', async () => {
    const letGo = await lab.hold(lab.primary);
    const busy = [1, 2].map(() => timed(() => db.query(held)));
    await eventually(async () => (await lab.working(lab.primary, held)) === 2);
    expectOutOfTime(await within(100, () => db.query('UPDATE rows SET value = 3')), 100);
    await letGo();
    expect((await Promise.all(busy)).map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(await value()).toBe(0);
  });

  it('ends the wait for a primary', async () => {
    await using headless = createCluster({ nodes: [lab.nodes[1], lab.nodes[2]], Pool: pg.Pool });
    expectOutOfTime(await within(150, () => headless.query('SELECT 1')), 150);
    expectOutOfTime(await within(150, () => headless.transaction(async () => 1)), 150);
    expect(headless.status().waitingWrites).toBe(0);
  });

  it('ends a transaction in the middle of a statement, with its locks', async () => {
    const text = 'SELECT pg_sleep(32)';
    const end = await within(200, () =>
      db.transaction(async (tx) => {
        await tx.query('UPDATE rows SET value = 4');
        await tx.query(text);
      }),
    );
    expectOutOfTime(end, 200);
    await expectGone(text);
    expect(await value()).toBe(0);
  });

  it('ends a transaction that does something else, with its locks', async () => {
    const end = await within(200, () =>
      db.transaction(async (tx) => {
        await tx.query('UPDATE rows SET value = 4');
        await new Promise(() => undefined);
      }),
    );
    expectOutOfTime(end, 200);
    await expectGone('UPDATE rows SET value = 4');
    expect(await value()).toBe(0);
  });

  it('ends a statement on a borrowed client', async () => {
    const end = await within(150, async () => {
      const client = await db.connect();
      try {
        await client.query('BEGIN');
        await client.query('UPDATE rows SET value = 6');
        await client.query('SELECT pg_sleep(33)');
      } finally {
        client.release();
      }
    });
    expectOutOfTime(end, 150);
    await expectGone('SELECT pg_sleep(33)');
    expect(await value()).toBe(0);
  });

  it('that has passed lets nothing begin', async () => {
    const uses = [
      () => db.query('UPDATE rows SET value = 7'),
      () => db.transaction((tx) => tx.query('UPDATE rows SET value = 7')),
    ];
    for (const use of uses) {
      const { error } = await within<unknown>(-1_000, use);
      expect(DatabaseError.isInstance(error)).toBe(true);
    }
    expect(await value()).toBe(0);
  });
});

describe('the request’s signal', () => {
  const aborting = async <Result>(work: () => Promise<Result>): Promise<Timed<Result>> => {
    const controller = new AbortController();
    const end = timed(() => runWithContext(createContext({ signal: controller.signal }), work));
    setTimeout(() => controller.abort(new Error('the client went away')), 100);
    return end;
  };

  it.each([
    ['a statement', () => db.query('UPDATE rows SET value = 8 FROM pg_sleep(34)')],
    ['a read', () => db.readOnly({ consistency: 'strong' }).query('SELECT pg_sleep(34)')],
    [
      'a transaction',
      () =>
        db.transaction(async (tx) => {
          await tx.query('UPDATE rows SET value = 8');
          await tx.query('SELECT pg_sleep(34)');
        }),
    ],
  ])('ends %s, with its reason as the cause', async (_, work) => {
    const { error, ms } = await aborting<unknown>(work);
    expect(error).toMatchObject({
      code: 'UNITE_DB_ABORTED',
      message: expect.stringContaining('nothing took effect'),
      cause: { message: 'the client went away' },
    });
    expect(ms).toBeLessThan(10_000);
    await expectGone('SELECT pg_sleep(34)');
    expect(await value()).toBe(0);
  });
});

describe('limits of the cluster’s own', () => {
  it('queryTimeoutMs holds without any context', async () => {
    await using hasty = lab.open({ queryTimeoutMs: 150 });
    await hasty.ready();
    expectOutOfTime(await timed(() => hasty.query('SELECT pg_sleep(35)')), 150);
    expectOutOfTime(await timed(() => hasty.readOnly().query('SELECT pg_sleep(35)')), 150);
    expectOutOfTime(await timed(() => hasty.transaction((tx) => tx.query('SELECT pg_sleep(35)'))), 150);
  });

  it('a transaction may be given its own time, shorter or longer', async () => {
    await using hasty = lab.open({ queryTimeoutMs: 150 });
    await hasty.ready();
    const slow = () => hasty.transaction((tx) => tx.query('SELECT pg_sleep(0.3)'), { timeoutMs: 60_000 });
    expect((await timed(slow)).error).toBeUndefined();
    const short = () => db.transaction((tx) => tx.query('SELECT pg_sleep(36)'), { timeoutMs: 100 });
    expectOutOfTime(await timed(short), 100);
  });

  it('all attempts of a transaction share it', async () => {
    let attempts = 0;
    const end = await timed(() =>
      db.transaction(
        async (tx) => {
          attempts += 1;
          await tx.query('SELECT * FROM rows');
          await lab.ask(lab.primary, 'UPDATE rows SET value = value + 1');
          await tx.query('UPDATE rows SET value = -1');
        },
        { isolation: 'repeatable read', maxAttempts: 1_000, timeoutMs: 1_500 },
      ),
    );
    expect(end.error).toMatchObject({ code: 'UNITE_DB_DEADLINE_EXCEEDED' });
    expect(attempts).toBeGreaterThan(1);
    expect(end.ms).toBeLessThan(8_000);
    expect(await value()).toBe(attempts);
  });

  it('statementTimeoutMs is the server’s, and its verdict is the server’s error', async () => {
    await using limited = lab.open({ pool: { statementTimeoutMs: 100 } });
    await expect(limited.query('SELECT pg_sleep(5)')).rejects.toMatchObject({ code: '57014' });
    await expect(limited.readOnly().query('SELECT pg_sleep(5)')).rejects.toMatchObject({ code: '57014' });
  });
});
