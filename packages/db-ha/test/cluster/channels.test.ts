import diagnostics from 'node:diagnostics_channel';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type pg from 'pg';
import type { ChangeMessage, Cluster, QueryMessage, TransactionMessage } from '../../src';
import { eventually } from './support/eventually';
import { type Lab, startLab } from './support/start-lab';

let lab: Lab;
let db: Cluster<pg.Pool>;

beforeAll(async () => {
  lab = await startLab();
  db = lab.open({ name: 'crm', healthCheckEveryMs: 100 });
  await db.ready();
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

const ends: (() => void)[] = [];

/** The events of a tracing channel, with copies of what their messages said at the time. */
function listen<Message extends object>(name: string): { event: string; message: Message }[] {
  const heard: { event: string; message: Message }[] = [];
  const note = (event: string) => (message: unknown) => {
    heard.push({ event, message: { ...(message as Message) } });
  };
  const subscribers = {
    start: note('start'),
    end: note('end'),
    asyncStart: note('asyncStart'),
    asyncEnd: note('asyncEnd'),
    error: note('error'),
  };
  const channel = diagnostics.tracingChannel<object, object>(name);
  channel.subscribe(subscribers);
  ends.push(() => channel.unsubscribe(subscribers));
  return heard;
}

describe('unite:db-ha:query', () => {
  it('tells of a write and where it went, and nothing of what it was', async () => {
    const heard = listen<QueryMessage>('unite:db-ha:query');
    await db.query('SELECT $1::text AS secret', ['4711']);
    expect(heard.map(({ event }) => event)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(heard[0]?.message).toEqual({ cluster: 'crm', kind: 'write', statement: 'SELECT' });
    expect(heard.at(-1)?.message).toEqual({
      cluster: 'crm',
      kind: 'write',
      statement: 'SELECT',
      node: 'primary',
      role: 'primary',
    });
  });

  it('tells of reads on replicas and on the primary', async () => {
    const heard = listen<QueryMessage>('unite:db-ha:query');
    await db.readOnly({ consistency: 'eventual' }).query('SELECT relname FROM pg_catalog.pg_class LIMIT 1');
    await db.readOnly({ consistency: 'strong' }).query({ name: 'one', text: 'SELECT 1' });
    const said = heard.filter(({ event }) => event === 'asyncEnd').map(({ message }) => message);
    expect(said).toEqual([
      {
        cluster: 'crm',
        kind: 'read',
        statement: 'SELECT pg_class',
        node: expect.stringMatching(/^replica_[12]$/),
        role: 'replica',
      },
      { cluster: 'crm', kind: 'read', statement: 'one', node: 'primary', role: 'primary' },
    ]);
  });

  it('tells of a failure with the error that the caller gets', async () => {
    const heard = listen<QueryMessage>('unite:db-ha:query');
    const error = await db.query('SELECT 1 / 0').catch((caught: unknown) => caught);
    expect(heard.map(({ event }) => event)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    expect(heard.at(-1)?.message.error).toBe(error);
    expect(heard.at(-1)?.message).toMatchObject({ node: 'primary', role: 'primary' });
  });

  it('builds nothing when nobody listens', async () => {
    const starts = ['query', 'transaction'].map((name) => {
      const channel = diagnostics.channel(`tracing:unite:db-ha:${name}:start`);
      return jest.spyOn(channel, 'runStores');
    });
    const change = jest.spyOn(diagnostics.channel('unite:db-ha:change'), 'publish');
    await db.query('SELECT 1');
    await db.readOnly().query('SELECT 1');
    await db.transaction((tx) => tx.query('SELECT 1'));
    for (const start of starts) expect(start).not.toHaveBeenCalled();
    expect(change).not.toHaveBeenCalled();
    jest.restoreAllMocks();
  });
});

describe('unite:db-ha:transaction', () => {
  it('tells of one call with all its attempts', async () => {
    const heard = listen<TransactionMessage>('unite:db-ha:transaction');
    const queries = listen<QueryMessage>('unite:db-ha:query');
    let attempts = 0;
    await db.transaction(async (tx) => {
      await tx.query('SELECT 1');
      if (++attempts === 1) await tx.query(`DO $$ BEGIN RAISE 'again' USING ERRCODE = '40001'; END $$`);
    });
    expect(attempts).toBe(2);
    expect(heard.map(({ event }) => event)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(heard.at(-1)?.message).toEqual({ cluster: 'crm', isIdempotent: false });
    expect(queries).toEqual([]);
  });

  it('tells of a key and of a failure', async () => {
    const heard = listen<TransactionMessage>('unite:db-ha:transaction');
    const reason = new Error('no');
    const work = async () => {
      throw reason;
    };
    await db.transaction(work).catch(() => undefined);
    await db.transaction(async () => 1, { idempotencyKey: 'secret-4711' }).catch(() => undefined);
    const said = heard.filter(({ event }) => event === 'asyncEnd').map(({ message }) => message);
    expect(said[0]).toEqual({ cluster: 'crm', isIdempotent: false, error: reason });
    expect(said[1]).toEqual({ cluster: 'crm', isIdempotent: true, error: expect.any(Error) });
    expect(JSON.stringify(said)).not.toContain('4711');
  });
});

describe('unite:db-ha:change', () => {
  function changes(): ChangeMessage[] {
    const heard: ChangeMessage[] = [];
    const note = (message: unknown) => {
      heard.push(message as ChangeMessage);
    };
    diagnostics.subscribe('unite:db-ha:change', note);
    ends.push(() => diagnostics.unsubscribe('unite:db-ha:change', note));
    return heard;
  }

  it('tells of nodes as they are found', async () => {
    const heard = changes();
    await using other = lab.open({ name: 'other' });
    await other.ready();
    await eventually(() => other.status().nodes.every(({ state }) => state === 'up'));
    const ours = heard.filter(({ cluster }) => cluster === 'other');
    expect(ours.find(({ node }) => node === 'primary')).toEqual({
      cluster: 'other',
      node: 'primary',
      from: 'unknown',
      to: 'up',
      reason: undefined,
      primary: { before: undefined, now: 'primary' },
    });
    expect(new Set(ours.map(({ node }) => node))).toEqual(new Set(['primary', 'replica_1', 'replica_2']));
  });

  it('tells of a node that goes and comes, and of a primary that follows another', async () => {
    const heard = changes();
    await lab.two.kill('SIGKILL');
    await eventually(() => heard.find(({ node, to }) => node === 'replica_2' && to === 'down'));
    expect(heard).toEqual([
      {
        cluster: 'crm',
        node: 'replica_2',
        from: 'up',
        to: 'down',
        reason: expect.stringMatching(/ECONNREFUSED|terminated|ECONNRESET|no new connections/),
        primary: undefined,
      },
    ]);
    await lab.two.start();
    await eventually(() => heard.find(({ node, to }) => node === 'replica_2' && to === 'up'));

    heard.length = 0;
    await lab.primary.kill('SIGKILL');
    const lost = await eventually(() => heard.find(({ node, to }) => node === 'primary' && to === 'down'));
    expect(lost.primary).toEqual({ before: 'primary', now: undefined });
    await lab.ask(lab.one, 'SELECT pg_promote()');
    await eventually(() => heard.find(({ primary }) => primary?.now === 'replica_1'));
    expect(db.status().counts.failovers).toBe(1);
  });
});
