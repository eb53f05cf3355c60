import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createCluster, DatabaseError } from '../../src';
import { eventually } from './support/eventually';
import { runChild } from './support/run-child';
import { held, type Lab, startLab } from './support/start-lab';
import { timed } from './support/timed';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab();
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

describe('roles', () => {
  it.each([
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const)('are found out whatever the order: %i %i %i', async (...order) => {
    await using db = lab.open({ nodes: order.map((at) => lab.nodes[at]) });
    const status = await db.ready();
    expect(status.primary).toBe('primary');
    expect(status.nodes.map(({ name }) => name)).toEqual(order.map((at) => lab.nodes[at].name));
    expect(new Map(status.nodes.map(({ name, role }) => [name, role]))).toEqual(
      new Map([
        ['primary', 'primary'],
        ['replica_1', 'replica'],
        ['replica_2', 'replica'],
      ]),
    );
  });

  it('are the servers’ own, not what the nodes are called', async () => {
    const [first, second, third] = lab.nodes;
    await using db = lab.open({
      nodes: [{ name: 'replica', url: first.url }, { name: 'primary', url: second.url }, { url: third.url }],
    });
    const { primary, nodes } = await db.ready();
    expect(primary).toBe('replica');
    expect(nodes.map(({ name, role }) => [name, role])).toEqual([
      ['replica', 'primary'],
      ['primary', 'replica'],
      [`127.0.0.1:${lab.two.port}`, 'replica'],
    ]);
  });
});

describe('status', () => {
  it('knows nothing before the first use, and opens nothing to find out', () => {
    const status = lab.open({ name: 'crm' }).status();
    expect(status).toMatchObject({
      name: 'crm',
      systemId: undefined,
      timeline: undefined,
      primary: undefined,
      waitingWrites: 0,
    });
    expect(status.nodes).toHaveLength(3);
    for (const node of status.nodes)
      expect(node).toMatchObject({
        role: 'unknown',
        state: 'unknown',
        reason: 'not asked yet',
        lsn: undefined,
        seenAtMs: undefined,
        inFlight: 0,
        pools: [],
      });
  });

  it('says of every node what is known', async () => {
    await using db = lab.open({ pool: { max: 4 } });
    await db.ready();
    await db.query('SELECT 1');
    await eventually(async () => {
      await db.readOnly({ consistency: 'eventual' }).query('SELECT 1');
      return db.status().nodes.every(({ state, pools }) => state === 'up' && pools.length > 0);
    });
    const [identity] = await lab.ask<{ id: string }>(
      lab.primary,
      'SELECT system_identifier::text AS id FROM pg_control_system()',
    );
    const status = db.status();
    expect(status).toMatchObject({ systemId: identity?.id, timeline: 1, refusal: undefined });
    expect(status.counts).toMatchObject({ failovers: 0, unknownCommits: 0, refused: 0 });
    for (const node of status.nodes) {
      expect(node).toMatchObject({
        state: 'up',
        reason: undefined,
        host: '127.0.0.1',
        timeline: 1,
        breaker: 'closed',
        inFlight: 0,
        serverVersion: expect.any(Number),
        lsn: expect.stringMatching(/^[0-9A-F]+\/[0-9A-F]+$/),
      });
      expect(Date.now() - (node.seenAtMs ?? 0)).toBeLessThan(20_000);
    }
    const [primary, replica] = status.nodes;
    expect(primary).toMatchObject({ port: lab.primary.port, lagMs: undefined, lagBytes: undefined });
    expect(primary?.pools).toEqual([{ purpose: 'write', max: 4, total: 1, idle: 1, waiting: 0 }]);
    expect(replica).toMatchObject({ lagMs: expect.any(Number), lagBytes: expect.any(Number) });
    expect(replica?.pools).toEqual([{ purpose: 'read', max: 4, total: 1, idle: 1, waiting: 0 }]);
    expect(replica?.latencyMs).toBeGreaterThan(0);
  });
});

describe('a process', () => {
  it('ends by itself after createCluster, which opens nothing and starts no timer', async () => {
    await using child = runChild('createCluster({ nodes, Pool: pg.Pool }); print(resources());', lab.nodes);
    expect(await child.next()).toEqual([]);
    expect(await child.ended).toEqual({ code: 0, stderr: '' });
  });

  it('ends by itself after close, which leaves no socket and no timer', async () => {
    await using child = runChild(
      `const aMinute = { probeTimeoutMs: 60_000, healthCheckEveryMs: 60_000, reads: { maxLagMs: 180_000 } };
       const db = createCluster({ nodes, Pool: pg.Pool, pool: { connectTimeoutMs: 60_000 }, ...aMinute });
       await db.ready();
       await Promise.all(Array.from({ length: 20 }, () => db.query('SELECT 1')));
       await Promise.all(Array.from({ length: 20 }, () => db.readOnly().query('SELECT 1')));
       await db.transaction((tx) => tx.query('SELECT 1'));
       print(await db.close());
       print(await gone());`,
      lab.nodes,
    );
    expect(await child.next()).toEqual({ drained: true, aborted: 0 });
    // Far less than any timer of it has.
    expect(await child.next()).toBeLessThan(20_000);
    expect(await child.ended).toEqual({ code: 0, stderr: '' });
  });

  it('ends by itself when it closes a cluster whose servers are frozen', async () => {
    await using child = runChild(
      `const db = createCluster({ nodes, Pool: pg.Pool });
       await db.ready();
       await db.query('SELECT 1');
       const wait = Promise.allSettled([db.query('SELECT pg_sleep(30)'), db.readOnly().query('SELECT pg_sleep(30)')]);
       print('open');
       await proceed();
       const startedAtMs = performance.now();
       const report = await db.close({ timeoutMs: 200 });
       const results = await wait;
       print({ report, ms: performance.now() - startedAtMs, codes: results.map(({ reason }) => reason?.code) });
       print(await gone());`,
      lab.nodes,
    );
    await child.next();
    const all = [lab.primary, lab.one, lab.two];
    try {
      await Promise.all(all.map((node) => node.kill('SIGSTOP')));
      child.proceed();
      const closed = (await child.next()) as { report: unknown; ms: number; codes: string[] };
      expect(closed.report).toEqual({ drained: false, aborted: 2 });
      // A statement has 30 seconds.
      expect(closed.ms).toBeLessThan(20_000);
      expect(closed.codes).toEqual(['UNITE_DB_COMMIT_UNKNOWN', 'UNITE_DB_CLOSED']);
      // A socket on which a probe is being opened has its own time limit.
      expect(await child.next()).toBeLessThan(20_000);
      expect(await child.ended).toEqual({ code: 0, stderr: '' });
    } finally {
      await Promise.all(all.map((node) => node.kill('SIGCONT')));
    }
  });
});

describe('close', () => {
  it('lets what runs finish', async () => {
    const db = lab.open({ pool: { max: 5 } });
    await db.ready();
    const running = [
      ...Array.from({ length: 20 }, () => db.query('SELECT pg_sleep(0.02)')),
      ...Array.from({ length: 20 }, () => db.readOnly().query('SELECT pg_sleep(0.02)')),
      db.transaction((tx) => tx.query('SELECT pg_sleep(0.1)')),
    ];
    expect(await db.close()).toEqual({ drained: true, aborted: 0 });
    expect((await Promise.allSettled(running)).filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  it('cuts off what does not finish in time, and says how much that was', async () => {
    const db = lab.open();
    await db.ready();
    const borrowed = await db.connect();
    const running = [
      timed(() => db.query('SELECT pg_sleep(60)')),
      timed(() => db.readOnly().query('SELECT pg_sleep(61)')),
      timed(() => db.transaction((tx) => tx.query('SELECT pg_sleep(62)'))),
    ];
    await eventually(() => lab.working(lab.primary, 'SELECT pg_sleep(60)'));
    await eventually(() => lab.working(lab.primary, 'SELECT pg_sleep(62)'));
    const { ms, result } = await timed(() => db.close({ timeoutMs: 100 }));
    expect(result).toEqual({ drained: false, aborted: 4 });
    // Far less than what runs.
    expect(ms).toBeLessThan(20_000);
    for (const { error } of await Promise.all(running)) expect(DatabaseError.isInstance(error)).toBe(true);
    await expect(borrowed.query('SELECT 1')).rejects.toThrow();
    for (const node of [lab.primary, lab.one, lab.two])
      for (const seconds of [60, 61, 62])
        await eventually(async () => !(await lab.working(node, `SELECT pg_sleep(${seconds})`)), 20_000);
  });

  it('tells a statement that the server cancelled from one of which nobody knows', async () => {
    const db = lab.open();
    await db.ready();
    const write = timed(() => db.query('SELECT pg_sleep(70)'));
    const read = timed(() => db.readOnly({ consistency: 'strong' }).query('SELECT pg_sleep(71)'));
    await eventually(() => lab.working(lab.primary, 'SELECT pg_sleep(70)'));
    await eventually(() => lab.working(lab.primary, 'SELECT pg_sleep(71)'));
    await db.close({ timeoutMs: 50 });
    expect((await write).error).toMatchObject({ code: 'UNITE_DB_CLOSED' });
    expect((await read).error).toMatchObject({ code: 'UNITE_DB_CLOSED' });
  });

  it('may be called twice, and is what end and await using do', async () => {
    const db = lab.open();
    await db.query('SELECT 1');
    const [first, second] = await Promise.all([db.close(), db.close()]);
    expect(first).toBe(second);
    await db.end();
    await db[Symbol.asyncDispose]();

    const ended = lab.open();
    await ended.query('SELECT 1');
    await ended.end();
    await expect(ended.query('SELECT 1')).rejects.toMatchObject({ code: 'UNITE_DB_CLOSED' });
  });

  it('is nothing to a cluster that nobody used', async () => {
    expect(await lab.open().close()).toEqual({ drained: true, aborted: 0 });
  });

  it('refuses every use after it', async () => {
    const db = createCluster({ nodes: lab.nodes, Pool: pg.Pool });
    await db.ready();
    await db.close();
    const uses = [
      () => db.query('SELECT 1'),
      () => db.readOnly().query('SELECT 1'),
      () => db.connect(),
      () => db.readOnly().connect(),
      () => db.transaction(async () => 1),
      () => db.ready(),
    ];
    for (const use of uses)
      expect((await timed<unknown>(use)).error).toMatchObject({ code: 'UNITE_DB_CLOSED' });
    expect(db.status().nodes.flatMap(({ pools }) => pools)).toEqual([]);
  });

  it('refuses what is asked for while it drains', async () => {
    const db = lab.open();
    const letGo = await lab.hold(lab.primary);
    const running = db.query(held);
    await eventually(() => lab.working(lab.primary, held));
    const closing = db.close({ timeoutMs: 60_000 });
    await expect(db.query('SELECT 1')).rejects.toMatchObject({ code: 'UNITE_DB_CLOSED' });
    await letGo();
    await running;
    expect(await closing).toEqual({ drained: true, aborted: 0 });
  });

  it('leaves no connection on a server', async () => {
    const db = lab.open({ pool: { applicationName: 'leaves-none' } });
    await db.ready();
    await Promise.all(Array.from({ length: 10 }, () => db.query('SELECT 1')));
    await db.close();
    await eventually(async () => {
      const [row] = await lab.ask<{ count: number }>(
        lab.primary,
        "SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'leaves-none'",
      );
      return row?.count === 0;
    }, 15_000);
  });
});
