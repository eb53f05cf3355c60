import { describe, expect, it } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import type { ServerReport } from '../../src/node/server-report';
import { Operation } from '../../src/operation';
import { ReadPosition } from '../../src/read/read-position';
import { Session } from '../../src/session/session';
import { WritePosition } from '../../src/session/write-position';
import { Topology } from '../../src/topology/topology';
import { fakeNode } from '../fake-node';
import { down, report, up } from '../reports';

const token = (lsn: bigint | undefined, timeline = 2, systemId = 'ours') => ({ systemId, timeline, lsn });
const begin = () => new Operation('read', 0, 1_000, undefined);

function setUp() {
  const clock = manualClock();
  const primary = fakeNode('a', clock);
  const topology = new Topology([primary], { clock, maxLagMs: 30_000 }, () => undefined);
  topology.observe(primary, up({ timeline: 2, lsn: 100n }), 0);
  const server = {
    asked: 0,
    says: async (): Promise<ServerReport> => report({ timeline: 2, lsn: 120n, insertLsn: 150n }),
  };
  const position = new ReadPosition(
    topology,
    new WritePosition(() => {
      server.asked += 1;
      return server.says();
    }),
  );
  const session = new Session();
  const required = (options = {}) => position.required(options, begin(), session);
  return { topology, primary, server, position, session, required };
}

describe('a session that wrote nothing', () => {
  it('may read from any replica, and nobody is asked', async () => {
    const { server, required } = setUp();
    expect(await required()).toBeUndefined();
    expect(await required({ consistency: 'eventual' })).toBeUndefined();
    expect(server.asked).toBe(0);
  });
});

describe('a session that wrote', () => {
  it('needs the position at which the log ends, which is asked for once', async () => {
    const { server, session, required } = setUp();
    session.wrote(false);
    expect(await required({ consistency: 'session' })).toEqual({ timeline: 2, lsn: 120n });
    expect(await required()).toEqual({ timeline: 2, lsn: 120n });
    expect(server.asked).toBe(1);
    expect(await required({ consistency: 'eventual' })).toBeUndefined();
  });

  it('needs what is not written yet as well when it did not wait for the log', async () => {
    const { server, session, required } = setUp();
    session.wrote(true);
    expect(await required()).toEqual({ timeline: 2, lsn: 150n });
    server.says = async () => report({ timeline: 2, lsn: 200n, insertLsn: undefined });
    session.wrote(false);
    expect(await required()).toEqual({ timeline: 2, lsn: 200n });
  });

  it('cannot know while there is no primary', async () => {
    const { topology, primary, session, required } = setUp();
    session.wrote(false);
    topology.observe(primary, down(), 0);
    expect(await required()).toBe('unknown');
    expect(session.hasUnlocatedWrites).toBe(true);
  });

  it.each<[string, () => Promise<ServerReport>]>([
    ['is a replica now', async () => report({ role: 'replica', timeline: 2 })],
    ['is on another timeline', async () => report({ timeline: 1 })],
    ['belongs to another cluster now', async () => report({ timeline: 2, systemId: 'theirs' })],
    ['does not answer', () => Promise.reject(new Error('reset'))],
  ])('cannot know while its primary %s', async (_what, says) => {
    const { server, session, required } = setUp();
    server.says = says;
    session.wrote(false);
    expect(await required()).toBe('unknown');
    expect([session.hasUnlocatedWrites, session.token]).toEqual([true, undefined]);
  });

  it('is told when its time is up', async () => {
    const { server, position, session } = setUp();
    server.says = () => new Promise(() => undefined);
    session.wrote(false);
    const operation = begin();
    const asking = position.required({}, operation, session);
    operation.interrupt('deadline');
    await expect(asking).rejects.toMatchObject({
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
      message: 'The time is up: asking a for its position; nothing took effect',
    });
  });

  it('and writes again while it is asked has that located the next time', async () => {
    const { server, session, required } = setUp();
    session.wrote(false);
    server.says = async () => {
      if (server.asked === 1) session.wrote(false);
      return report({ timeline: 2, lsn: BigInt(server.asked) });
    };
    expect(await required()).toEqual({ timeline: 2, lsn: 1n });
    expect(await required()).toEqual({ timeline: 2, lsn: 2n });
    expect(server.asked).toBe(2);
  });
});

describe('a token', () => {
  it('of now is a position, for the session too unless the read is eventual', async () => {
    const { server, session, required } = setUp();
    expect(await required({ consistency: 'eventual', after: token(80n) })).toEqual({ timeline: 2, lsn: 80n });
    expect(session.token).toBeUndefined();
    expect(await required({ after: token(90n) })).toEqual({ timeline: 2, lsn: 90n });
    expect(await required({ after: token(70n) })).toEqual({ timeline: 2, lsn: 90n });
    expect(await required()).toEqual({ timeline: 2, lsn: 90n });
    expect(server.asked).toBe(0);
  });

  it('without a position, or of an older timeline, is worth the position of now', async () => {
    const { server, session, required } = setUp();
    expect(await required({ consistency: 'eventual', after: token(undefined) })).toEqual({
      timeline: 2,
      lsn: 120n,
    });
    expect(await required({ consistency: 'eventual', after: token(999n, 1) })).toEqual({
      timeline: 2,
      lsn: 120n,
    });
    expect(await required({ after: token(999n, 1) })).toEqual({ timeline: 2, lsn: 120n });
    expect(session.token).toEqual(token(120n));
    expect(server.asked).toBe(3);
  });

  it('of a newer timeline fences the primary that we know', async () => {
    const { topology, session, required } = setUp();
    expect(await required({ after: token(5n, 3) })).toEqual({ timeline: 3, lsn: 5n });
    expect([topology.timeline, topology.writer, session.token]).toEqual([3, undefined, token(5n, 3)]);
  });

  it('of a newer timeline does so also when it came before anybody knew the cluster', async () => {
    const { topology, session, required } = setUp();
    session.advance(token(5n, 3));
    expect(await required()).toEqual({ timeline: 3, lsn: 5n });
    expect([topology.timeline, topology.writer]).toEqual([3, undefined]);
  });

  it('of another cluster is worth nothing, and hides nothing that the session wrote', async () => {
    const { topology, session, required } = setUp();
    const theirs = token(999n, 9, 'theirs');
    session.advance(token(90n));
    expect(await required({ consistency: 'eventual', after: theirs })).toBeUndefined();
    expect(await required({ after: theirs })).toEqual({ timeline: 2, lsn: 90n });
    expect(topology.timeline).toBe(2);
    session.wrote(false);
    expect(await required({ after: theirs })).toEqual({ timeline: 2, lsn: 120n });
  });

  it('of another cluster that is all the session has is worth nothing', async () => {
    const { session, required } = setUp();
    session.advance(token(999n, 9, 'theirs'));
    expect(await required()).toBeUndefined();
  });
});
