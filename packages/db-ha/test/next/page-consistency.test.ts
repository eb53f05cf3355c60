import { beforeEach, describe, expect, test } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import { type Consistency, createConsistency } from '../../src/consistency';
import { actionConsistency, type PageRunner, pageConsistency } from '../../src/next';
import { type FakeCluster, fakeCluster } from '../consistency/session-cluster';
import { cookieStore } from './cookie-store';

const secrets = ['correct horse battery staple, long'];
/** As `pageContext` runs them: each request in a context of its own. */
const page: PageRunner = async (work) => await runWithContext(createContext(), work);
let cluster: FakeCluster;
let consistency: Consistency;
let store: ReturnType<typeof cookieStore>;
let onPage: PageRunner;
let inAction: PageRunner;

beforeEach(() => {
  cluster = fakeCluster();
  consistency = createConsistency({ cluster, secrets });
  store = cookieStore();
  onPage = pageConsistency(consistency, { page, cookies: async () => store });
  inAction = actionConsistency(consistency, { page, cookies: async () => store });
});

const seenPosition = () => cluster.sessionTokenNow()?.lsn;

describe('actionConsistency', () => {
  test('a page that is rendered after the action, in the same request, sees what it wrote', async () => {
    const result = await inAction(() => {
      cluster.write();
      return 'saved';
    });
    expect(result).toBe('saved');
    expect(store.written).toEqual([
      {
        name: 'unite_consistency',
        value: expect.stringMatching(/^1\./),
        maxAge: 60,
        path: '/',
        secure: true,
        httpOnly: true,
        sameSite: 'lax',
      },
    ]);
    expect(await onPage(async () => seenPosition())).toBe(cluster.lsn);
  });

  test('so does the next action, which leaves the cookie alone when it writes nothing', async () => {
    await inAction(() => cluster.commit());
    expect(await inAction(seenPosition)).toBe(cluster.lsn);
    expect(store.written).toHaveLength(1);
  });

  test('tells of the write where the action ends in redirect()', async () => {
    const redirect = new Error('NEXT_REDIRECT');
    const action = inAction(() => {
      cluster.commit();
      throw redirect;
    });
    await expect(action).rejects.toBe(redirect);
    expect(await onPage(seenPosition)).toBe(cluster.lsn);
  });

  test('a cookie that cannot be set fails the action, and never hides its own failure', async () => {
    const closed = {
      ...store,
      set: () => {
        throw new Error('cookies are closed');
      },
    };
    const failing = actionConsistency(consistency, { page, cookies: async () => closed });
    await expect(failing(() => cluster.commit())).rejects.toThrow('cookies are closed');
    const own = new Error('its own');
    const action = failing(() => {
      cluster.commit();
      throw own;
    });
    await expect(action).rejects.toBe(own);
  });

  test('sets nothing where tokens travel by header alone', async () => {
    consistency = createConsistency({ cluster, secrets, cookie: false });
    await actionConsistency(consistency, { page, cookies: async () => store })(() => cluster.commit());
    expect(store.written).toEqual([]);
  });
});

describe('pageConsistency', () => {
  test('reads in a session without writes what it finds, and never sets a cookie', async () => {
    expect(await onPage(seenPosition)).toBeUndefined();
    await onPage(() => cluster.commit());
    expect(store.written).toEqual([]);
  });

  test('runs its work in the context of the page', async () => {
    await inAction(() => cluster.commit());
    const seen = await onPage(async () => {
      await Promise.resolve();
      return seenPosition();
    });
    expect(seen).toBe(cluster.lsn);
    await expect(onPage(() => Promise.reject(new Error('not found')))).rejects.toThrow('not found');
  });
});
