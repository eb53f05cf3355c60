import { describe, expect, test } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import {
  type Consistency,
  createConsistency,
  type OutgoingToken,
  openToken,
  sealToken,
} from '../../src/consistency';
import { manualClock } from './manual-clock';
import { fakeCluster, systemId } from './session-cluster';
import { warningsOf } from './warnings';

const secrets = ['correct horse battery staple, long'];
const inRequest = <Result>(work: () => Result): Result => runWithContext(createContext(), work);
const position = (sent: OutgoingToken | undefined) => openToken(sent?.header?.value, { secrets });

/** What a browser sends back. */
const cookieOf = (sent: OutgoingToken | undefined) =>
  new Headers({ cookie: `theme=dark; ${sent?.cookie?.name}=${sent?.cookie?.value}` });

async function sentBy(consistency: Consistency, work: () => unknown): Promise<OutgoingToken> {
  return await inRequest(async () => {
    const reply = consistency.receive({});
    await work();
    return (await reply.token()) as OutgoingToken;
  });
}

describe('createConsistency', () => {
  test('the next request sees what this one wrote, by cookie or by header', async () => {
    const cluster = fakeCluster();
    const consistency = createConsistency({ cluster, secrets });
    const sent = await sentBy(consistency, () => cluster.commit());
    expect(position(sent)).toEqual({ systemId, timeline: 1, lsn: cluster.lsn });

    const byHeader = new Headers({ 'X-Consistency-Token': sent.header?.value as string });
    for (const request of [
      { headers: cookieOf(sent) },
      { headers: byHeader },
      { cookies: new Map([['unite_consistency', sent.cookie as { value: string }]]) },
    ]) {
      inRequest(() => {
        expect(cluster.sessionTokenNow()).toBeUndefined();
        consistency.receive(request);
        expect(cluster.sessionTokenNow()?.lsn).toBe(cluster.lsn);
      });
    }
  });

  test('the cookie, for a store and as text', async () => {
    const cluster = fakeCluster();
    const { cookie, setCookie, header } = await sentBy(
      createConsistency({ cluster, secrets }),
      cluster.commit,
    );
    expect(cookie).toEqual({
      name: 'unite_consistency',
      value: header?.value,
      maxAge: 60,
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: true,
    });
    expect(setCookie).toBe(
      `unite_consistency=${header?.value}; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure`,
    );
    expect(header?.name).toBe('x-consistency-token');
  });

  test('names, path, domain, age and plain HTTP as the application wants them', async () => {
    const cluster = fakeCluster();
    const consistency = createConsistency({
      cluster,
      secrets,
      maxAgeMs: 90_500,
      cookie: { name: 'seen', path: '/app', domain: 'example.com', secure: false },
      header: 'X-Seen',
    });
    const { setCookie, header } = await sentBy(consistency, cluster.commit);
    expect(setCookie).toBe(
      `seen=${header?.value}; Max-Age=91; Path=/app; Domain=example.com; HttpOnly; SameSite=Lax`,
    );
    expect(header?.name).toBe('x-seen');
  });

  test('one way alone, when the other is switched off', async () => {
    const cluster = fakeCluster();
    const withHeader = createConsistency({ cluster, secrets, cookie: false });
    const withCookie = createConsistency({ cluster, secrets, header: false });
    const byHeader = await sentBy(withHeader, cluster.commit);
    expect(byHeader).toMatchObject({ cookie: undefined, setCookie: undefined });
    const byCookie = await sentBy(withCookie, cluster.commit);
    expect(byCookie.header).toBeUndefined();

    const both = new Headers(cookieOf(byCookie));
    both.set('x-consistency-token', byHeader.header?.value as string);
    const seenBy = (consistency: Consistency) =>
      inRequest(() => {
        consistency.receive({ headers: both });
        return cluster.sessionTokenNow()?.lsn;
      });
    expect(seenBy(withHeader)).toBe(cluster.lsn - 8n);
    expect(seenBy(withCookie)).toBe(cluster.lsn);
  });

  test('of cookie and header, both are seen', async () => {
    const cluster = fakeCluster();
    const consistency = createConsistency({ cluster, secrets });
    const [first, second] = [
      await sentBy(consistency, cluster.commit),
      await sentBy(consistency, cluster.commit),
    ];
    for (const [inCookie, inHeader] of [
      [first, second],
      [second, first],
    ]) {
      inRequest(() => {
        const headers = cookieOf(inCookie);
        headers.set('x-consistency-token', inHeader?.header?.value as string);
        consistency.receive({ headers });
        expect(cluster.sessionTokenNow()?.lsn).toBe(cluster.lsn);
      });
    }
  });

  test('a request that wrote nothing sends nothing, whatever it brought, and asks nobody', async () => {
    const cluster = fakeCluster();
    const consistency = createConsistency({ cluster, secrets });
    const sent = await sentBy(consistency, () => cluster.commit());
    for (const headers of [
      new Headers(),
      cookieOf(sent),
      new Headers({ cookie: 'unite_consistency=forged' }),
    ]) {
      await inRequest(async () => {
        const reply = consistency.receive({ headers });
        await cluster.readReplica();
        expect(reply.tokenNow()).toBeUndefined();
        expect(await reply.token()).toBeUndefined();
      });
    }
    expect(cluster.asked).toBe(0);
  });

  test('a write that left the log where it was sends nothing', async () => {
    const cluster = fakeCluster();
    const consistency = createConsistency({ cluster, secrets });
    const sent = await sentBy(consistency, cluster.commit);
    await inRequest(async () => {
      const reply = consistency.receive({ headers: cookieOf(sent) });
      cluster.write();
      cluster.lsn -= 8n;
      expect(await reply.token()).toBeUndefined();
    });
  });

  test('of a statement of its own, the position is found out in time, or left to the next reader', async () => {
    const cluster = fakeCluster();
    const consistency = createConsistency({ cluster, secrets });
    await inRequest(async () => {
      const reply = consistency.receive({});
      cluster.write();
      expect(position(reply.tokenNow())).toEqual({ systemId, timeline: 1, lsn: undefined });
      expect(position(await reply.token())).toEqual({ systemId, timeline: 1, lsn: cluster.lsn });
    });
  });

  test('an open position that came in goes out again, since it may hide a write', async () => {
    const cluster = fakeCluster();
    const clock = manualClock(1_000_000);
    const consistency = createConsistency({ cluster, secrets, clock });
    const open = inRequest(() => {
      const reply = consistency.receive({});
      cluster.write();
      return reply.tokenNow();
    });
    clock.set(1_059_000);
    const renewed = inRequest(() => {
      const reply = consistency.receive({ headers: cookieOf(open) });
      cluster.write();
      return reply.tokenNow();
    });
    clock.set(1_061_000);
    await inRequest(async () => {
      const reply = consistency.receive({ headers: cookieOf(renewed) });
      expect(cluster.sessionTokenNow()).toEqual({ systemId, timeline: 1, lsn: undefined });
      await cluster.readReplica();
      expect(openToken((await reply.token())?.header?.value, { secrets, clock })?.lsn).toBe(cluster.lsn);
    });
  });

  test('a position on another timeline or of another system is news', async () => {
    const cluster = fakeCluster();
    const before = { systemId, timeline: 1, lsn: 8n };
    for (const now of [
      { ...before, timeline: 2 },
      { ...before, systemId: '9' },
    ]) {
      const session = { ...cluster, sessionTokenNow: () => before as typeof now };
      const moving = createConsistency({ cluster: session, secrets });
      const reply = inRequest(() => moving.receive({}));
      session.sessionTokenNow = () => now;
      expect(position(reply.tokenNow())).toEqual(now);
    }
  });

  test('tokens of another cluster are the cluster’s to ignore, and are not sent back', async () => {
    const cluster = fakeCluster();
    const consistency = createConsistency({ cluster, secrets });
    const foreign = sealToken({ systemId: '1', timeline: 1, lsn: 9n ** 15n }, { secrets });
    await inRequest(async () => {
      const reply = consistency.receive({ headers: new Headers({ 'x-consistency-token': foreign }) });
      expect(cluster.sessionTokenNow()).toBeUndefined();
      expect(await reply.token()).toBeUndefined();
    });
  });

  test('says once that there is no context, and where there may be another, asks for that', async () => {
    const cluster = fakeCluster();
    const consistency = createConsistency({ cluster, secrets });
    const warnings = await warningsOf(() => {
      consistency.receive({});
      consistency.receive({});
    });
    expect(warnings.map(([code]) => code)).toEqual(['UNITE_DB_CONSISTENCY_NO_CONTEXT']);
    const own = createConsistency({ cluster, secrets, context: () => createContext() });
    expect(await warningsOf(() => own.receive({}))).toEqual([]);
    expect(await warningsOf(() => inRequest(() => consistency.receive({})))).toEqual([]);
  });

  test.each<[object, string]>([
    [
      { cluster: {} },
      'createConsistency: option "cluster" must be a cluster of createCluster, got an object',
    ],
    [{ cluster: null }, 'option "cluster"'],
    [{ secrets: ['short'] }, 'createConsistency: option "secrets" must be a non-empty array of strings'],
    [{ secrets: undefined }, 'option "secrets"'],
    [{ cookie: true }, 'option "cookie" must be an object or false, got true'],
    [{ cookie: { name: 'a b' } }, 'createConsistency cookie: option "name" must be a name of letters'],
    [{ cookie: { path: 'app' } }, 'option "path" must be a path such as /app, got "app"'],
    [{ cookie: { path: '/;Domain=evil' } }, 'option "path"'],
    [{ cookie: { domain: 'a;b' } }, 'option "domain" must be a host such as example.com'],
    [{ cookie: { sameSite: 'none' } }, 'createConsistency cookie: unknown option "sameSite"'],
    [{ header: 'x y' }, 'option "header" must be a name of letters'],
    [{ header: false, cookie: false }, 'options "cookie" and "header" are both false'],
    [{ maxAgeMs: -1 }, 'option "maxAgeMs" must be a positive number, got -1'],
    [{ context: {} }, 'option "context" must be a function'],
    [{ secret: 'x' }, 'createConsistency: unknown option "secret"'],
  ])('refuses %j', (options, message) => {
    expect(() => createConsistency({ cluster: fakeCluster(), secrets, ...options } as never)).toThrow(
      message,
    );
  });
});
