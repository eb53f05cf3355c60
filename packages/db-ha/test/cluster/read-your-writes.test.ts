import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import type pg from 'pg';
import type { Cluster, ConsistencyToken } from '../../src';
import { allUp } from './support/all-up';
import { eventually } from './support/eventually';
import { runChild } from './support/run-child';
import { type Lab, startLab } from './support/start-lab';
import { timed } from './support/timed';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab();
  await lab.ask(lab.primary, 'CREATE TABLE counters (name text PRIMARY KEY, value int NOT NULL)');
  await lab.replayed();
});
afterEach(resumeReplay);
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

async function pauseReplay(nodes = [lab.one, lab.two]): Promise<void> {
  for (const node of nodes) {
    await lab.ask(node, 'SELECT pg_wal_replay_pause()');
    await eventually(async () => {
      const [row] = await lab.ask<{ state: string }>(node, 'SELECT pg_get_wal_replay_pause_state() AS state');
      return row?.state === 'paused';
    });
  }
}

async function resumeReplay(): Promise<void> {
  for (const node of [lab.one, lab.two]) await lab.ask(node, 'SELECT pg_wal_replay_resume()');
}

const upsert = `INSERT INTO counters VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
type Write = (db: Cluster<pg.Pool>, name: string, value: number) => Promise<unknown>;

/** A borrowed connection, and what is said on it before and after the write. */
const borrowed =
  (before: readonly string[], after: readonly string[]): Write =>
  async (db, name, value) => {
    const client = await db.connect();
    try {
      for (const text of before) await client.query(text);
      await client.query(upsert, [name, value]);
      for (const text of after) await client.query(text);
    } finally {
      client.release();
    }
  };

const writes: Readonly<Record<string, Write>> = {
  autocommit: (db, name, value) => db.query(upsert, [name, value]),
  transaction: (db, name, value) => db.transaction((tx) => tx.query(upsert, [name, value])),
  'a borrowed client': borrowed([], []),
  'BEGIN and COMMIT on a borrowed client': borrowed(['BEGIN'], ['COMMIT']),
  'START TRANSACTION and END on a borrowed client': borrowed(['START TRANSACTION'], ['END']),
  'COMMIT with a comment behind it': borrowed(['BEGIN'], ["COMMIT /* traceparent='00-4711' */"]),
  'COMMIT with a comment before it': borrowed(['BEGIN'], ['-- done\ncommit;']),
  'COMMIT AND NO CHAIN': borrowed(['BEGIN'], ['COMMIT AND NO CHAIN']),
  'COMMIT AND CHAIN': borrowed(['BEGIN'], ['COMMIT AND CHAIN', 'ROLLBACK']),
  'COMMIT behind another statement': borrowed(['BEGIN'], ['SELECT 1; COMMIT']),
  'several statements at once': (db, name, value) =>
    db.query(
      `BEGIN; INSERT INTO counters VALUES ('${name}', ${value}) ON CONFLICT (name) DO UPDATE SET value = excluded.value; COMMIT`,
    ),
  'a function that writes, called by SELECT': (db, name, value) =>
    db.query(`SELECT set_counter($1, $2)`, [name, value]),
};

/** Commits that are answered before their records are written. */
const asynchronousWrites: Readonly<Record<string, Write>> = {
  'SET LOCAL in a transaction': (db, name, value) =>
    db.transaction(async (tx) => {
      await tx.query('SET LOCAL synchronous_commit = off');
      await tx.query(upsert, [name, value]);
    }),
  'SET LOCAL on a borrowed client': borrowed(['BEGIN', 'SET LOCAL synchronous_commit TO off'], ['COMMIT']),
  'SET on a borrowed client': borrowed(['SET synchronous_commit = off'], ['RESET synchronous_commit']),
  'SET LOCAL, a read in between, and COMMIT with a comment': async (db, name, value) => {
    const client = await db.connect();
    try {
      await client.query('BEGIN');
      await client.query('SET LOCAL synchronous_commit = off');
      await client.query(upsert, [name, value]);
      await db.readOnly().query('SELECT 1');
      await client.query('COMMIT /* traced */');
    } finally {
      client.release();
    }
  },
  'SET that a borrower left behind on the connection': async (db, name, value) => {
    await runWithContext(createContext(), async () => {
      const client = await db.connect();
      await client.query('SET synchronous_commit = off');
      client.release();
    });
    await db.query(upsert, [name, value]);
  },
  'SET by a single statement': async (db, name, value) => {
    await db.query('SET synchronous_commit = off');
    await db.transaction((tx) => tx.query(upsert, [name, value]));
  },
  'set_config with parameters in a transaction': (db, name, value) =>
    db.transaction(async (tx) => {
      await tx.query('SELECT set_config($1, $2, true)', ['synchronous_commit', 'off']);
      await tx.query(upsert, [name, value]);
    }),
  'set_config on a borrowed client': borrowed(
    ['BEGIN', `SELECT set_config('synchronous_commit', 'off', true)`],
    ['COMMIT'],
  ),
};

const contexts: Readonly<Record<string, <Result>(work: () => Promise<Result>) => Promise<Result>>> = {
  'in a context': (work) => runWithContext(createContext(), work),
  'without a context': (work) => work(),
};

beforeAll(async () => {
  await lab.ask(
    lab.primary,
    `CREATE FUNCTION set_counter(text, int) RETURNS void LANGUAGE sql AS '${upsert}'`,
  );
});

/** What the session reads of a counter, and where. */
async function read(db: Cluster<pg.Pool>, name: string, after?: ConsistencyToken) {
  const { rows } = await db
    .readOnly(after && { after })
    .query<{ value: number | null; is_replica: boolean }>(
      'SELECT (SELECT value FROM counters WHERE name = $1), pg_is_in_recovery() AS is_replica',
      [name],
    );
  return rows[0];
}

describe.each(Object.keys(writes))('after %s', (how) => {
  const write = writes[how] as Write;

  it.each(Object.keys(contexts))('a read sees it, from a replica when it is there: %s', async (inside) => {
    await using db = lab.open({ reads: { waitForReplicaMs: 60_000 } });
    await allUp(db);
    await contexts[inside]?.(async () => {
      for (let value = 1; value <= 15; value++) {
        await write(db, how, value);
        expect(await read(db, how)).toEqual({ value, is_replica: true });
      }
    });
  });

  it.each(Object.keys(contexts))('a read sees it although no replica replays: %s', async (inside) => {
    await using db = lab.open({ reads: { waitForReplicaMs: 100 } });
    await allUp(db);
    await pauseReplay();
    await contexts[inside]?.(async () => {
      await write(db, how, 99);
      const { result, ms } = await timed(() => read(db, how));
      expect(result).toEqual({ value: 99, is_replica: false });
      expect(ms).toBeGreaterThan(90);
      expect(ms).toBeLessThan(5_000);
    });
  });
});

it('a replica that does not replay leaves the reads to the other one, and none to the primary', async () => {
  await using db = lab.open({ reads: { waitForReplicaMs: 60_000 } });
  await allUp(db);
  await pauseReplay([lab.one]);
  const { ms } = await timed(async () => {
    for (let value = 1; value <= 15; value++) {
      await db.query(upsert, ['one stands still', value]);
      expect(await read(db, 'one stands still')).toEqual({ value, is_replica: true });
    }
  });
  // Half of the time it is asked first. Whoever waited for it would do so until it is too far behind for any read.
  expect(ms).toBeLessThan(25_000);
});

describe('sessions', () => {
  it('do not wait for each other’s writes', async () => {
    await using db = lab.open({ reads: { waitForReplicaMs: 1_000 } });
    await allUp(db);
    await pauseReplay();
    await runWithContext(createContext(), async () => {
      await db.query(upsert, ['apart', 1]);
      expect(await read(db, 'apart')).toEqual({ value: 1, is_replica: false });
    });
    await runWithContext(createContext(), async () => {
      // Whoever waits for it in vain is answered by the primary.
      expect(await read(db, 'apart')).toEqual({ value: null, is_replica: true });
      expect(await db.sessionToken()).toBeUndefined();
    });
    expect(await read(db, 'apart')).toEqual({ value: null, is_replica: true });
  });

  it('of one context and two clusters are two, unless the clusters are called the same', async () => {
    await using one = lab.open({ name: 'one', reads: { waitForReplicaMs: 50 } });
    await using other = lab.open({ name: 'other' });
    await using same = lab.open({ name: 'one', reads: { waitForReplicaMs: 50 } });
    await Promise.all([one, other, same].map(allUp));
    await pauseReplay();
    await runWithContext(createContext(), async () => {
      await one.query(upsert, ['named', 1]);
      expect(await read(other, 'named')).toEqual({ value: null, is_replica: true });
      expect(await read(same, 'named')).toEqual({ value: 1, is_replica: false });
    });
  });

  it('want nothing of an eventual read, and everything of a strong one', async () => {
    await using db = lab.open();
    await allUp(db);
    await pauseReplay();
    await db.query(upsert, ['levels', 1]);
    const text = `SELECT value FROM counters WHERE name = 'levels'`;
    expect((await db.readOnly({ consistency: 'eventual' }).query(text)).rows).toEqual([]);
    expect((await db.readOnly({ consistency: 'strong' }).query(text)).rows).toEqual([{ value: 1 }]);
  });

  it('have no position before they write, and one that replicas reach after', async () => {
    await using db = lab.open();
    await runWithContext(createContext(), async () => {
      expect(await db.sessionToken()).toBeUndefined();
      await read(db, 'none');
      expect(await db.sessionToken()).toBeUndefined();
      await db.query(upsert, ['token', 1]);
      expect(db.sessionTokenNow()).toMatchObject({ timeline: 1, lsn: undefined });
      const token = await db.sessionToken();
      expect(token).toEqual({
        systemId: db.status().systemId,
        timeline: 1,
        lsn: expect.any(BigInt),
      });
      expect(db.sessionTokenNow()).toEqual(token);
    });
  });
});

describe('a token', () => {
  const written = async (db: Cluster<pg.Pool>, value: number): Promise<ConsistencyToken> =>
    runWithContext(createContext(), async () => {
      await db.query(upsert, ['carried', value]);
      const token = await db.sessionToken();
      if (!token) throw new Error('a session that wrote has a token');
      return token;
    });

  it('given as after makes another cluster see the write', async () => {
    await using writer = lab.open();
    await using reader = lab.open({ reads: { waitForReplicaMs: 50 } });
    await allUp(reader);
    await pauseReplay();
    const token = await written(writer, 1);
    expect((await read(reader, 'carried'))?.value).not.toBe(1);
    await runWithContext(createContext(), async () => {
      expect(await read(reader, 'carried', token)).toEqual({ value: 1, is_replica: false });
    });
    const { rows } = await reader
      .readOnly({ consistency: 'eventual', after: token })
      .query(`SELECT value FROM counters WHERE name = 'carried'`);
    expect(rows).toEqual([{ value: 1 }]);
  });

  it('given to advanceSession makes a session of another process see the write', async () => {
    await using writer = lab.open();
    await using child = runChild(
      `const db = createCluster({ nodes, Pool: pg.Pool });
       await db.ready();
       print('ready');
       const [systemId, timeline, lsn] = await new Promise((resolve) => process.stdin.once('data', (line) => { process.stdin.destroy(); resolve(String(line).trim().split(' ')); }));
       db.advanceSession({ systemId, timeline: Number(timeline), lsn: BigInt(lsn) });
       const { rows } = await db.readOnly().query("SELECT value, pg_is_in_recovery() AS is_replica FROM counters WHERE name = 'carried'");
       print(rows);
       await db.close();`,
      lab.nodes,
    );
    await child.next();
    await pauseReplay();
    const { systemId, timeline, lsn } = await written(writer, 2);
    child.tell(`${systemId} ${timeline} ${lsn}`);
    expect(await child.next()).toEqual([{ value: 2, is_replica: false }]);
  });

  it('before the first query counts as well', async () => {
    await using writer = lab.open();
    await using reader = lab.open();
    await pauseReplay();
    const token = await written(writer, 3);
    await runWithContext(createContext(), async () => {
      reader.advanceSession(token);
      expect(await read(reader, 'carried')).toEqual({ value: 3, is_replica: false });
    });
  });

  it('without a position asks the primary for one', async () => {
    await using writer = lab.open();
    await using reader = lab.open();
    await allUp(reader);
    await pauseReplay();
    const { systemId, timeline } = await written(writer, 4);
    const token = { systemId, timeline, lsn: undefined };
    await runWithContext(createContext(), async () => {
      expect(await read(reader, 'carried', token)).toEqual({ value: 4, is_replica: false });
    });
  });

  it('of another cluster is ignored', async () => {
    await using db = lab.open({ reads: { waitForReplicaMs: 60_000 } });
    await allUp(db);
    const token = { systemId: '7000000000000000001', timeline: 99, lsn: 1n << 60n };
    await runWithContext(createContext(), async () => {
      const { result, ms } = await timed(() => read(db, 'none', token));
      expect(result?.is_replica).toBe(true);
      expect(ms).toBeLessThan(30_000);
    });
    await runWithContext(createContext(), async () => {
      db.advanceSession(token);
      expect(await db.sessionToken()).toBeUndefined();
      await db.query(upsert, ['own', 1]);
      expect((await db.sessionToken())?.systemId).toBe(db.status().systemId);
      expect(await read(db, 'own')).toEqual({ value: 1, is_replica: true });
    });
    expect(db.status()).toMatchObject({ timeline: 1, primary: 'primary' });
  });

  it('of another cluster does not hide what the session writes later', async () => {
    await using db = lab.open();
    await allUp(db);
    await pauseReplay();
    const token = { systemId: '7000000000000000001', timeline: 99, lsn: 1n << 60n };
    await runWithContext(createContext(), async () => {
      await read(db, 'none', token);
      await db.query(upsert, ['hidden', 1]);
      expect(await read(db, 'hidden')).toEqual({ value: 1, is_replica: false });
    });
  });

  it('of another cluster, brought before anything is known, does not either', async () => {
    await using db = lab.open();
    const token = { systemId: '7000000000000000001', timeline: 99, lsn: 1n << 60n };
    await runWithContext(createContext(), async () => {
      db.advanceSession(token);
      await allUp(db);
      await pauseReplay();
      await db.query(upsert, ['early', 1]);
      expect(await read(db, 'early')).toEqual({ value: 1, is_replica: false });
    });
  });
});

describe('commits that do not wait for the log', () => {
  let walWriter: number | undefined;

  beforeEach(async () => {
    const [row] = await lab.ask<{ pid: number }>(
      lab.primary,
      `SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'`,
    );
    walWriter = row?.pid;
  });
  afterEach(async () => {
    if (walWriter) process.kill(walWriter, 'SIGCONT');
    await lab.ask(lab.primary, 'ALTER ROLE unite RESET synchronous_commit');
  });

  /** Nobody writes the log of such a commit, and so no replica has it, until somebody else's commit does. */
  function stopWalWriter(): void {
    if (walWriter) process.kill(walWriter, 'SIGSTOP');
  }

  it.each(Object.keys(asynchronousWrites))('are seen: %s', async (how) => {
    stopWalWriter();
    await using db = lab.open({ reads: { waitForReplicaMs: 20 } });
    const write = asynchronousWrites[how] as Write;
    await runWithContext(createContext(), async () => {
      for (let value = 1; value <= 20; value++) {
        await write(db, how, value);
        const { result, ms } = await timed(() => read(db, how));
        expect(result?.value).toBe(value);
        expect(ms).toBeLessThan(5_000);
      }
    });
  });

  it.each(Object.keys(writes))('are seen where the role commits so by default: %s', async (how) => {
    await lab.ask(lab.primary, 'ALTER ROLE unite SET synchronous_commit = off');
    stopWalWriter();
    await using db = lab.open({ reads: { waitForReplicaMs: 20 } });
    const write = writes[how] as Write;
    await runWithContext(createContext(), async () => {
      for (let value = 100; value <= 115; value++) {
        await write(db, how, value);
        const { result, ms } = await timed(() => read(db, how));
        expect(result?.value).toBe(value);
        expect(ms).toBeLessThan(5_000);
      }
    });
  });

  it('at the end of a page of the log do not hold up a read on an idle cluster', async () => {
    await lab.ask(lab.primary, 'ALTER ROLE unite SET synchronous_commit = off');
    await using db = lab.open({ reads: { waitForReplicaMs: 60_000 } });
    await allUp(db);
    const inserted = async (): Promise<number> => {
      const [row] = await lab.ask<{ at: string }>(
        lab.primary,
        `SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS at`,
      );
      return Number(row?.at);
    };
    const emit = (bytes: number) =>
      db.query(`SELECT pg_logical_emit_message(true, '', repeat('x', $1))`, [bytes]);
    await db.query('SELECT 1');
    await runWithContext(createContext(), async () => {
      const read = await eventually(async () => {
        const before = await inserted();
        await emit(8);
        const each = (await inserted()) - before;
        const left = (8_192 - ((before + each) % 8_192) - each + 8_192) % 8_192;
        await emit(8 + left);
        // The header of a page that holds nothing yet.
        if ((await inserted()) % 8_192 !== 24) return undefined;
        const asked = await timed(() => db.readOnly().query('SELECT pg_is_in_recovery() AS is_replica'));
        // Else the server has written of its own accord, and the cluster was not idle.
        return (await inserted()) % 8_192 === 24 ? asked : undefined;
      });
      expect(read.result?.rows).toEqual([{ is_replica: true }]);
      expect(read.ms).toBeLessThan(30_000);
    });
  });
});
