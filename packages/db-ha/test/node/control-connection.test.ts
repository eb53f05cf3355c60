import { describe, expect, it } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import fc from 'fast-check';
import type { PgClient } from '../../src/driver-types';
import { FakeServer } from '../fake-driver';
import { fakeNode } from '../fake-node';
import { outcomeNow } from '../outcome-now';

function setUp() {
  const clock = manualClock();
  const server = new FakeServer();
  const { control } = fakeNode('db', clock, server);
  return { clock, server, control, outcome: outcomeNow };
}

const pidOf = (client: PgClient) => Promise.resolve((client as { pid?: number }).pid);
const silent = () => new Promise<never>(() => undefined);

describe('a probe', () => {
  it('opens a connection and keeps it, then opens another each time to see whether that works', async () => {
    const { server, control } = setUp();
    const first = await control.probe(1_000);
    expect(first).toMatchObject({ acceptsConnections: true, report: { backendPid: 1 } });
    for (let i = 2; i <= 4; i++) {
      expect(await control.probe(1_000)).toMatchObject({
        acceptsConnections: true,
        report: { backendPid: 1 },
      });
      expect([server.connects, server.open.size]).toEqual([i, 1]);
    }
    expect(server.configs[0]).toMatchObject({ max: 3, connectionTimeoutMillis: 1_000 });
  });

  it('tells a server that takes no new connections from one that is gone', async () => {
    const { clock, server, control, outcome } = setUp();
    await control.probe(1_000);
    server.refusal = new Error('starting up');
    expect(await control.probe(1_000)).toMatchObject({
      acceptsConnections: false,
      report: { backendPid: 1 },
    });
    server.refusal = undefined;
    server.hangs = 'connecting';
    const probing = control.probe(1_000);
    await clock.advance(1_000);
    expect(await outcome(probing)).toMatchObject({ acceptsConnections: false });
    server.thaw();
    await settle();
    // What was opened too late is closed.
    expect([server.connects, server.open.size]).toEqual([2, 1]);
  });

  it('takes the new connection where the kept one is dead', async () => {
    const { clock, server, control } = setUp();
    await control.probe(1_000);
    const [kept] = server.open;
    if (kept) kept.query = silent;
    const probing = control.probe(1_000);
    await clock.advance(1_000);
    expect(await probing).toMatchObject({ acceptsConnections: true, report: { backendPid: 2 } });
    expect(await control.ask(pidOf, 1_000)).toBe(2);
    expect(server.open.size).toBe(1);
  });

  it('fails with the reason of the new connection when neither answers', async () => {
    const { clock, server, control, outcome } = setUp();
    server.refusal = new Error('no such host');
    expect(await outcome(control.probe(1_000))).toBe('no such host');
    server.refusal = undefined;
    await control.probe(1_000);
    server.hangs = 'answering';
    const probing = control.probe(1_000);
    await clock.advance(999);
    expect(await outcome(probing)).toBe('waiting');
    await clock.advance(1);
    expect(await outcome(probing)).toBe('no answer within 1000 ms');
    expect(server.open.size).toBe(0);
  });

  it('does not fill its pool with connections on which nothing is said', async () => {
    const { clock, server, control, outcome } = setUp();
    server.hangs = 'answering';
    for (let i = 1; i <= 6; i++) {
      const probing = control.probe(1_000);
      await clock.advance(1_000);
      expect(await outcome(probing)).toBe('no answer within 1000 ms');
      expect([server.connects, server.open.size]).toEqual([i, 0]);
    }
    server.hangs = 'nowhere';
    expect(await control.probe(1_000)).toMatchObject({ acceptsConnections: true });
  });
});

describe('a question', () => {
  it('opens the connection where there is none, and waits for its turn', async () => {
    const { server, control } = setUp();
    const order: string[] = [];
    const ask = (name: string) =>
      control.ask(async () => {
        order.push(`${name} begins`);
        await settle();
        order.push(`${name} ends`);
      }, 1_000);
    await Promise.all([ask('one'), ask('two')]);
    expect(order).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
    expect(server.connects).toBe(1);
    expect((await control.probeQuickly(1_000)).acceptsConnections).toBeUndefined();
    expect(server.connects).toBe(1);
  });

  it('that fails drops the connection, and the next one opens another', async () => {
    const { server, control, outcome } = setUp();
    expect(await outcome(control.ask(() => Promise.reject(new Error('bad')), 1_000))).toBe('bad');
    expect(server.open.size).toBe(0);
    expect(await control.ask(pidOf, 1_000)).toBe(2);
  });

  it('is not asked any more when its time was up before its turn', async () => {
    const { clock, control } = setUp();
    const first = control.ask(silent, 1_000).catch((error: Error) => error.message);
    let wasAsked = false;
    const second = control.ask(async () => {
      wasAsked = true;
    }, 500);
    const failed = second.catch((error: Error) => error.message);
    await clock.advance(1_000);
    expect(await first).toBe('no answer within 1000 ms');
    expect(await failed).toBe('no answer within 500 ms');
    await settle();
    expect(wasAsked).toBe(false);
  });

  it('goes over a new connection after the kept one broke', async () => {
    const { server, control } = setUp();
    expect(await control.ask(pidOf, 1_000)).toBe(1);
    server.crash();
    expect(await control.ask(pidOf, 1_000)).toBe(2);
    expect(server.open.size).toBe(1);
  });
});

describe('the end', () => {
  it('comes after the question under way, and leaves nothing open', async () => {
    const { clock, server, control } = setUp();
    await control.probe(1_000);
    let hasAnswered = false;
    const asking = control.ask(async () => {
      await settle();
      hasAnswered = true;
    }, 1_000);
    await control.close(1_000);
    expect(hasAnswered).toBe(true);
    await asking;
    expect([server.open.size, clock.sleepers()]).toEqual([0, 0]);
    await expect(control.ask(pidOf, 1_000)).rejects.toThrow('closed');
    await expect(control.probe(1_000)).rejects.toThrow('closed');
  });

  it('does not wait for ever, nor for what is opened too late', async () => {
    const { clock, server, control, outcome } = setUp();
    server.hangs = 'connecting';
    const left = [control.probe(5_000), control.ask(pidOf, 5_000)];
    const closing = control.close(1_000);
    await clock.advance(1_000);
    expect(await outcome(closing)).toBeUndefined();
    server.thaw();
    await Promise.allSettled(left);
    expect(server.open.size).toBe(0);
    for (const pool of server.pools) expect(pool.isEnded).toBe(true);
  });

  it('before the beginning opens nothing', async () => {
    const { server, control } = setUp();
    await control.close(1_000);
    expect(server.pools).toHaveLength(0);
  });

  it('forgets how far a replica was when the server ends a connection: after a crash it can be further back', async () => {
    const { server, clock } = setUp();
    const node = fakeNode('db', clock, server);
    await node.control.probe(1_000);
    node.replay.learn({ timeline: 1, lsn: 5n }, 'start');
    expect(node.replay.has({ timeline: 1, lsn: 5n })).toBe(true);
    for (const client of server.open)
      client.emit('error', new Error('terminating connection because of crash'));
    expect(node.replay.has({ timeline: 1, lsn: 5n })).toBe(false);
  });

  it('does not fail with the driver', async () => {
    const { server, control } = setUp();
    await control.probe(1_000);
    for (const pool of server.pools) {
      pool.end = () => Promise.reject(new Error('already'));
      expect(() => pool.emit('error', new Error('idle'))).not.toThrow();
    }
    await expect(control.close(1_000)).resolves.toBeUndefined();
  });
});

it('whatever the server does and in whatever order, at most one connection stays open, and none after the end', async () => {
  const step = fc.constantFrom(
    'probe',
    'ask',
    'fail',
    'connecting',
    'answering',
    'nowhere',
    'crash',
    'refuse',
    'wait',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { clock, server, control } = setUp();
      for (const what of steps) {
        if (what === 'probe') control.probe(1_000).catch(() => undefined);
        else if (what === 'ask') control.ask((client) => client.query('x'), 1_000).catch(() => undefined);
        else if (what === 'fail')
          control.ask(() => Promise.reject(new Error('x')), 1_000).catch(() => undefined);
        else if (what === 'crash') server.crash();
        else if (what === 'refuse') server.refusal = server.refusal ? undefined : new Error('refused');
        else if (what === 'wait') await clock.advance(400);
        else if (what === 'nowhere') server.thaw();
        else server.hangs = what as 'connecting' | 'answering';
      }
      server.refusal = undefined;
      server.thaw();
      await clock.advance(20_000);
      expect(server.open.size).toBeLessThanOrEqual(1);
      expect(await control.probe(1_000)).toMatchObject({ acceptsConnections: true });
      await control.close(1_000);
      expect([server.open.size, clock.sleepers()]).toEqual([0, 0]);
    }),
    { numRuns: 60 },
  );
});
