import { describe, expect, it } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { Interrupted, Operation } from '../../src/operation';
import { cancelStatement, isRolledBack } from '../../src/write/cancel-statement';
import { FakeServer, serverError } from '../fake-driver';
import { fakeNode, fakeSettings } from '../fake-node';
import { outcomeNow } from '../outcome-now';
import { up } from '../reports';

async function setUp(pooler: 'none' | 'transaction' = 'none') {
  const clock = manualClock();
  const server = new FakeServer();
  const node = fakeNode('db', clock, server, { node: { pooler } });
  const lease = await node.writes.lease(new Operation('write', 0, 1_000, undefined));
  node.observation = up({ startedAt: server.startedAt });
  const cancelled: unknown[] = [];
  server.answer = (text, values) => {
    if (text.includes('pg_cancel_backend')) cancelled.push(values?.[0]);
    return {};
  };
  return { clock, server, node, lease, cancelled, settings: fakeSettings(clock) };
}

const interrupted = (interruption: Interrupted['interruption'] = 'deadline') => new Interrupted(interruption);
const silence = new Promise<never>(() => undefined);

describe('cancelling', () => {
  it('names the process that answers the connection, over another connection', async () => {
    const { lease, cancelled, settings, server } = await setUp();
    expect(await cancelStatement(lease, settings)).toBe(true);
    expect(cancelled).toEqual([1]);
    expect(server.connects).toBe(2);
  });

  it("is left when the process could be anybody's", async () => {
    for (const change of ['pooler', 'restart', 'down'] as const) {
      const { lease, node, cancelled, settings } = await setUp(change === 'pooler' ? 'transaction' : 'none');
      if (change === 'restart') node.observation = up({ startedAt: 'later' });
      if (change === 'down') node.observation = { isUp: false, error: new Error('gone') };
      expect(await cancelStatement(lease, settings)).toBe(false);
      expect(cancelled).toEqual([]);
    }
  });

  it('fails quietly', async () => {
    const { lease, settings, server } = await setUp();
    server.refusal = new Error('gone');
    expect(await cancelStatement(lease, settings)).toBe(false);
  });
});

describe('an interrupted statement', () => {
  it.each([
    ['the server says that it failed', Promise.reject(serverError('57014')), true],
    ['the server says that it broke a rule', Promise.reject(serverError('23505')), true],
    // A commit that stopped waiting for its replicas says so too.
    ['the server says that it succeeded', Promise.resolve({}), false],
    ['the connection broke', Promise.reject(new Error('Connection terminated unexpectedly')), false],
    ['the server was shut down', Promise.reject(serverError('57P01', 'x', 'FATAL')), false],
  ])('had no effect if %s: %#', async (_what, sent, isKnown) => {
    const { lease, settings, clock, cancelled } = await setUp();
    sent.catch(() => undefined);
    expect(await isRolledBack(lease, sent, interrupted(), settings)).toBe(isKnown);
    expect([cancelled, clock.sleepers()]).toEqual([[1], 0]);
  });

  it('is waited for a moment', async () => {
    const { lease, settings, clock } = await setUp();
    const verdict = isRolledBack(lease, silence, interrupted(), settings);
    await clock.advance(249);
    expect(await outcomeNow(verdict)).toBe('waiting');
    await clock.advance(1);
    expect(await outcomeNow(verdict)).toBe(false);
  });

  it('on a primary that was replaced is not asked about', async () => {
    const { lease, settings, cancelled } = await setUp();
    const sent = Promise.reject(serverError('57014'));
    sent.catch(() => undefined);
    expect(await isRolledBack(lease, sent, interrupted('fenced'), settings)).toBe(false);
    expect(cancelled).toEqual([]);
  });

  it('that nobody could cancel is not known', async () => {
    const { lease, settings, server } = await setUp();
    server.refusal = new Error('gone');
    const sent = Promise.reject(serverError('57014'));
    sent.catch(() => undefined);
    expect(await isRolledBack(lease, sent, interrupted(), settings)).toBe(false);
  });
});
