import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type FaultProxy, startFaultProxy } from '@unite/services';
import type pg from 'pg';
import { type Cluster, type ClusterOptions, CommitUnknownError, idempotencyTableSql } from '../../src';
import { eventually } from './support/eventually';
import { type Lab, startLab } from './support/start-lab';
import { timed } from './support/timed';

let lab: Lab;
let proxy: FaultProxy;
let db: Cluster<pg.Pool>;

beforeAll(async () => {
  lab = await startLab();
  await lab.ask(
    lab.primary,
    `CREATE TABLE ledger (id int);
     CREATE FUNCTION sleep_long() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(20); RETURN NULL; END';
     ${idempotencyTableSql()}`,
  );
  proxy = await startFaultProxy({ target: lab.primary.url });
});
beforeEach(async () => {
  await lab.ask(lab.primary, 'TRUNCATE ledger, unite_idempotency');
  await open();
});
afterEach(async () => {
  await proxy.set('pass');
  await db.close({ timeoutMs: 500 });
});
afterAll(async () => {
  await proxy?.close();
  await lab?.[Symbol.asyncDispose]();
});

/** The primary behind the proxy. */
async function open(options: Partial<ClusterOptions<pg.Pool>> = {}): Promise<void> {
  await db?.close();
  const [primary, ...replicas] = lab.nodes;
  const nodes = [{ ...primary, url: proxy.url() }, ...replicas];
  // What asks about a lost answer may lose its own.
  db = lab.open({ nodes, probeTimeoutMs: 1_000, ...options });
  await db.ready();
}

const insert = 'INSERT INTO ledger VALUES (1)';
/** Enough for whatever comes before the answer that is lost. */
const queryTimeoutMs = 2_000;

async function rows(): Promise<number> {
  return (await lab.ask(lab.primary, 'SELECT * FROM ledger')).length;
}

/** Loses the answer to every message that holds `text`. */
const loseAnswersTo = (text: string) =>
  proxy.set({ mode: 'dropReply', whenRequest: (bytes) => bytes.includes(text) });

/** The server has done it, nobody here knows; then the connection breaks. */
async function breakWhenDone(): Promise<void> {
  await eventually(async () => (await rows()) === 1);
  await answerIsLost();
  await proxy.set('pass');
}

/** The server shows what it does before it answers. */
async function answerIsLost(): Promise<void> {
  await eventually(() => proxy.status().connections.some(({ droppedReplyBytes }) => droppedReplyBytes > 0));
}

const ways: Readonly<Record<string, () => Promise<unknown>>> = {
  'a transaction': () => db.transaction((tx) => tx.query(insert)),
  'a borrowed client': async () => {
    const client = await db.connect();
    try {
      await client.query('BEGIN');
      await client.query(insert);
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  },
  'a single statement': () => db.query(insert),
  ...Object.fromEntries(
    ["COMMIT /* traceparent='00-4711' */", '-- done\nCOMMIT', 'COMMIT AND NO CHAIN', 'SELECT 1; COMMIT'].map(
      (commit) => [
        commit.replace('\n', ' '),
        async () => {
          const client = await db.connect();
          try {
            await client.query('BEGIN');
            await client.query(insert);
            await client.query(commit);
          } finally {
            client.release();
          }
        },
      ],
    ),
  ),
};
const lastWords: Readonly<Record<string, string>> = { 'a single statement': 'INSERT INTO ledger' };

describe.each(Object.keys(ways))('the answer to %s', (way) => {
  const run = ways[way] as () => Promise<unknown>;
  const lastWord = lastWords[way] ?? 'COMMIT';

  it('lost with its connection is told as unknown, and nothing is done twice', async () => {
    await loseAnswersTo(lastWord);
    const [{ error }] = await Promise.all([timed(run), breakWhenDone()]);
    expect(CommitUnknownError.isInstance(error)).toBe(true);
    expect(error?.cause).toBeDefined();
    expect(await rows()).toBe(1);
    expect(db.status().counts.unknownCommits).toBe(1);
    expect((await db.readOnly().query('SELECT * FROM ledger')).rowCount).toBe(1);
    await db.query(insert);
  });

  it('that does not come in time is told as unknown', async () => {
    await open({ queryTimeoutMs, probeTimeoutMs: 500 });
    await loseAnswersTo(lastWord);
    const { error, ms } = await timed(run);
    expect(CommitUnknownError.isInstance(error)).toBe(true);
    // Nobody waits for it twice.
    expect(ms).toBeLessThan(queryTimeoutMs * 2);
    expect(await rows()).toBe(1);
    expect(db.status().counts.unknownCommits).toBe(1);
    await proxy.set('pass');
    await eventually(() => db.query('SELECT 1'));
    expect(await rows()).toBe(1);
  });
});

describe('a statement before the commit', () => {
  it('that loses its connection took no effect, and the transaction is tried again', async () => {
    await loseAnswersTo('INSERT INTO ledger');
    let attempts = 0;
    const running = db.transaction(async (tx) => {
      attempts += 1;
      if (attempts === 2) await proxy.set('pass');
      await tx.query(insert);
      return attempts;
    });
    await answerIsLost();
    await proxy.set('pass');
    expect(await running).toBe(2);
    expect(await rows()).toBe(1);
    expect(db.status().counts).toMatchObject({ retriedTransactions: 1, unknownCommits: 0 });
  });

  it('that loses its connection on a borrowed client took no effect, and is told so', async () => {
    await loseAnswersTo('INSERT INTO ledger');
    const client = await db.connect();
    await client.query('BEGIN');
    const end = timed(() => client.query(insert));
    await answerIsLost();
    await proxy.set('pass');
    expect((await end).error).toMatchObject({ code: 'UNITE_DB_CONNECTION_LOST' });
    await expect(client.query('ROLLBACK')).rejects.toMatchObject({ code: 'UNITE_DB_CONNECTION_LOST' });
    client.release();
    expect(await rows()).toBe(0);
    expect(db.status().counts.unknownCommits).toBe(0);
  });
});

describe('an idempotency key', () => {
  const withKey = () =>
    db.transaction(
      async (tx) => {
        await tx.query(insert);
        return { inserted: 1 };
      },
      { idempotencyKey: 'order:1' },
    );

  it('resolves a commit whose connection broke', async () => {
    await loseAnswersTo('COMMIT');
    const [{ result, error }] = await Promise.all([timed(withKey), breakWhenDone()]);
    expect(error).toBeUndefined();
    expect(result).toEqual({ inserted: 1 });
    expect(await rows()).toBe(1);
    expect(db.status().counts.retriedTransactions).toBe(1);
  });

  it('resolves a commit that never reached the server', async () => {
    let hasBroken = false;
    await proxy.set({
      mode: 'dropReply',
      whenRequest: (bytes) => {
        if (!hasBroken && bytes.includes('UPDATE unite_idempotency')) {
          hasBroken = true;
          proxy.resetAll();
        }
        return false;
      },
    });
    expect(await withKey()).toEqual({ inserted: 1 });
    expect(hasBroken).toBe(true);
    expect(await rows()).toBe(1);
  });

  it('resolves it for the caller who asks again after the time was up', async () => {
    await open({ queryTimeoutMs, probeTimeoutMs: 500 });
    await loseAnswersTo('COMMIT');
    expect(CommitUnknownError.isInstance((await timed(withKey)).error)).toBe(true);
    await proxy.set('pass');
    expect(await eventually(withKey)).toEqual({ inserted: 1 });
    expect(await rows()).toBe(1);
  });

  it('resolves every one of many at once', async () => {
    let lost = 0;
    await proxy.set({ mode: 'dropReply', whenRequest: (bytes) => bytes.includes('COMMIT') && ++lost > 0 });
    const keyed = (n: number) =>
      db.transaction((tx) => tx.query('INSERT INTO ledger VALUES ($1)', [n]).then(() => n), {
        idempotencyKey: `many:${n}`,
      });
    const all = Array.from({ length: 30 }, (_, n) => keyed(n));
    await eventually(() => lost === 10);
    await proxy.set('pass');
    expect(await Promise.all(all)).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect(await rows()).toBe(30);
  });

  it('never lets a commit in doubt be told as without effect, when the next attempt does not get through', async () => {
    await open({ queryTimeoutMs, probeTimeoutMs: 500 });
    await loseAnswersTo('COMMIT');
    const end = timed(withKey);
    await eventually(async () => (await rows()) === 1);
    await proxy.set('reset');
    expect((await end).error).toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN' });
  });

  it('never lets a commit in doubt be told as without effect, when no attempt is left', async () => {
    await loseAnswersTo('COMMIT');
    let calls = 0;
    const once = () =>
      db.transaction(
        (tx) => {
          calls += 1;
          return tx.query(insert);
        },
        { idempotencyKey: 'order:2', maxAttempts: 1 },
      );
    const [{ error }] = await Promise.all([timed(once), breakWhenDone()]);
    expect(error).toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN' });
    expect(calls).toBe(1);
  });

  it('tells the work’s own error when the next attempt shows that nothing had been committed', async () => {
    const reason = new Error('sold out meanwhile');
    let calls = 0;
    await lab.ask(
      lab.primary,
      'CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON ledger DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sleep_long()',
    );
    try {
      const end = timed(() =>
        db.transaction(
          async (tx) => {
            calls += 1;
            if (calls === 2) throw reason;
            await tx.query(insert);
          },
          { idempotencyKey: 'order:3' },
        ),
      );
      await eventually(() => lab.terminate('COMMIT;%'));
      expect((await end).error).toBe(reason);
      expect(await rows()).toBe(0);
    } finally {
      await lab.ask(lab.primary, 'DROP TRIGGER slow ON ledger');
    }
  });
});

describe('a commit that waits for a replica which is not there', () => {
  const setNames = async (change: string, names: string) => {
    await lab.ask(lab.primary, `ALTER SYSTEM ${change}`);
    await lab.ask(lab.primary, 'SELECT pg_reload_conf()');
    await eventually(async () => {
      const [row] = await lab.ask<{ names: string }>(
        lab.primary,
        `SELECT current_setting('synchronous_standby_names') AS names`,
      );
      return row?.names === names;
    });
  };
  const reset = () => setNames('RESET synchronous_standby_names', '');

  beforeEach(() => setNames(`SET synchronous_standby_names = 'nobody'`, 'nobody'));
  afterEach(reset);

  it('is told as unknown when the time is up, and never cancelled: that would break its promise', async () => {
    const { error, ms } = await timed(() => db.transaction((tx) => tx.query(insert), { timeoutMs: 2_000 }));
    expect(error).toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN' });
    expect(ms).toBeLessThan(20_000);
    expect(await rows()).toBe(0);
    expect(await lab.working(lab.primary, 'COMMIT;SELECT pg_current_wal_lsn()::text AS lsn')).toBe(1);
    await reset();
    await eventually(async () => (await rows()) === 1);
  });

  it('has been committed when an administrator ends the wait', async () => {
    const end = timed(() => db.transaction((tx) => tx.query(insert)));
    await eventually(() =>
      lab
        .ask(lab.primary, `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`)
        .then(({ length }) => length),
    );
    expect((await end).error).toBeUndefined();
    expect(await rows()).toBe(1);
  });
});
