import { describe, expect, it } from '@jest/globals';
import type { UniteContext } from '@unite/core';
import fc from 'fast-check';
import { Session } from '../../src/session/session';
import { Sessions } from '../../src/session/sessions';

const token = (lsn: bigint, timeline = 1, systemId = 'ours') => ({ systemId, timeline, lsn });

describe('a session', () => {
  it('knows nothing until it wrote', () => {
    const session = new Session();
    expect([session.hasUnlocatedWrites, session.token, session.commitsAsynchronously]).toEqual([
      false,
      undefined,
      false,
    ]);
  });

  it('has its writes located up to where they were counted before the question', () => {
    const session = new Session();
    session.wrote(false);
    const { writes } = session;
    session.wrote(true);
    session.locate(writes, token(5n));
    expect([session.hasUnlocatedWrites, session.token, session.commitsAsynchronously]).toEqual([
      true,
      token(5n),
      true,
    ]);
    session.locate(session.writes, token(7n));
    expect([session.hasUnlocatedWrites, session.token]).toEqual([false, token(7n)]);
    // An answer to an older question comes late.
    session.locate(writes, token(6n));
    expect([session.hasUnlocatedWrites, session.token]).toEqual([false, token(7n)]);
    session.wrote(false);
    expect([session.hasUnlocatedWrites, session.commitsAsynchronously]).toEqual([true, true]);
  });

  it('takes a token without a position for a write that nobody located', () => {
    const session = new Session();
    session.advance({ systemId: 'ours', timeline: 1, lsn: undefined });
    expect([session.hasUnlocatedWrites, session.token]).toEqual([true, undefined]);
  });

  it('only moves forward, by timeline first', () => {
    const steps = fc.array(fc.record({ timeline: fc.integer({ min: 1, max: 3 }), lsn: fc.bigInt(0n, 9n) }));
    fc.assert(
      fc.property(steps, (tokens) => {
        const session = new Session();
        let highest = -1;
        for (const { timeline, lsn } of tokens) {
          session.advance(token(lsn, timeline));
          highest = Math.max(highest, timeline * 10 + Number(lsn));
          expect((session.token?.timeline ?? 0) * 10 + Number(session.token?.lsn)).toBe(highest);
        }
      }),
    );
  });

  it('forgets the position of a cluster that is not the one it writes to', () => {
    const session = new Session();
    // From a cookie of before the cluster was rebuilt, taken when nobody knew better.
    session.advance(token(900n, 7, 'theirs'));
    session.wrote(false);
    session.locate(session.writes, token(5n));
    expect(session.token).toEqual(token(5n));
  });
});

describe('the session of a call', () => {
  it('is that of its request, one for each cluster, and shared by copies of a cluster', () => {
    let context: Pick<UniteContext, 'state'> | undefined = { state: new Map() };
    const source = () => context as UniteContext | undefined;
    const [main, copy, other] = [
      new Sessions(source, 'main', []),
      new Sessions(source, 'main', []),
      new Sessions(source, 'other', []),
    ];
    const session = main.current();
    expect(main.current()).toBe(session);
    expect(copy.current()).toBe(session);
    expect(other.current()).not.toBe(session);
    const elsewhere = new Sessions(source, 'main', [
      { url: 'postgres://b/app' },
      { url: 'postgres://a/app' },
    ]);
    const copyOfIt = new Sessions(source, 'main', [{ url: 'postgres://a/app' }, { url: 'postgres://b/app' }]);
    expect(elsewhere.current()).not.toBe(session);
    expect(copyOfIt.current()).toBe(elsewhere.current());
    context = { state: new Map() };
    expect(main.current()).not.toBe(session);
  });

  it('is that of the process where there is no request', () => {
    const [one, other] = [
      new Sessions(() => undefined, 'main', []),
      new Sessions(() => undefined, 'main', []),
    ];
    expect(one.current()).toBe(one.current());
    expect(one.current()).not.toBe(other.current());
  });
});
