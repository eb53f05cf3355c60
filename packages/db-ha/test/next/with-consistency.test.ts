import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RouteHandler } from '@unite/core';
import { createContext, runWithContext } from '@unite/core/context';
import { type Consistency, createConsistency, openToken } from '../../src/consistency';
import { withConsistency } from '../../src/next';
import { type FakeCluster, fakeCluster } from '../consistency/session-cluster';
import { cookieStore } from './cookie-store';

const secrets = ['correct horse battery staple, long'];
let cluster: FakeCluster;
let consistency: Consistency;

beforeEach(() => {
  cluster = fakeCluster();
  consistency = createConsistency({ cluster, secrets });
});

const wrap = (handler: RouteHandler) => withConsistency(consistency)(handler, undefined);

/** Calls a route in a context of its own, as `withContext` does. */
async function call(handler: RouteHandler, headers: Record<string, string> = {}): Promise<Response> {
  const request = new Request('http://crm.example/api/contacts', { headers });
  return runWithContext(createContext(), () => handler(request, { params: Promise.resolve({}) }));
}

const position = (response: Response) => openToken(response.headers.get('x-consistency-token'), { secrets });

describe('withConsistency', () => {
  test('the next request sees what this one wrote', async () => {
    const written = await call(
      wrap(async () => {
        cluster.commit();
        return Response.json({}, { status: 201, headers: { 'set-cookie': 'theme=dark' } });
      }),
    );
    expect(written.status).toBe(201);
    expect(position(written)?.lsn).toBe(cluster.lsn);
    const [theme, cookie] = written.headers.getSetCookie();
    expect(theme).toBe('theme=dark');

    const seen = await call(
      wrap(() => new Response(String(cluster.sessionTokenNow()?.lsn))),
      { cookie: cookie as string },
    );
    expect(await seen.text()).toBe(String(cluster.lsn));
    expect(seen.headers.getSetCookie()).toEqual([]);
    expect(position(seen)).toBeUndefined();
  });

  test('waits for the position of a statement of its own', async () => {
    const response = await call(
      wrap(() => {
        cluster.write();
        return new Response();
      }),
    );
    expect(position(response)?.lsn).toBe(cluster.lsn);
    expect(cluster.asked).toBe(1);
  });

  test('copies a response whose headers cannot be changed', async () => {
    const response = await call(
      wrap(() => {
        cluster.commit();
        return Response.redirect('http://crm.example/contacts', 303);
      }),
    );
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('http://crm.example/contacts');
    expect(position(response)?.lsn).toBe(cluster.lsn);
    expect(response.headers.getSetCookie()).toHaveLength(1);
  });

  test('hands on the very response where nothing was written', async () => {
    const answer = Response.redirect('http://crm.example/contacts', 303);
    expect(await call(wrap(() => answer))).toBe(answer);
  });

  test('sends the cookie alone, or the header alone', async () => {
    const handler = () => {
      cluster.commit();
      return new Response();
    };
    consistency = createConsistency({ cluster, secrets, header: false });
    const byCookie = await call(wrap(handler));
    expect(byCookie.headers.getSetCookie()).toHaveLength(1);
    expect(position(byCookie)).toBeUndefined();
    consistency = createConsistency({ cluster, secrets, cookie: false });
    const byHeader = await call(wrap(handler));
    expect(byHeader.headers.getSetCookie()).toEqual([]);
    expect(position(byHeader)?.lsn).toBe(cluster.lsn);
  });
});

describe('a handler that throws after a write', () => {
  const redirect = new Error('NEXT_REDIRECT');
  const handler = () => {
    cluster.commit();
    throw redirect;
  };

  test('leaves the token in the cookies of Next.js', async () => {
    const store = cookieStore();
    const route = withConsistency(consistency, { cookies: async () => store })(handler, undefined);
    await expect(call(route)).rejects.toBe(redirect);
    expect(openToken(store.get('unite_consistency')?.value, { secrets })?.lsn).toBe(cluster.lsn);
  });

  test('leaves nothing there when it wrote nothing, or tokens travel by header alone', async () => {
    const store = cookieStore();
    const cookies = async () => store;
    const idle = withConsistency(consistency, { cookies })(() => Promise.reject(redirect), undefined);
    await expect(call(idle)).rejects.toBe(redirect);
    consistency = createConsistency({ cluster, secrets, cookie: false });
    await expect(call(withConsistency(consistency, { cookies })(handler, undefined))).rejects.toBe(redirect);
    expect(store.get('unite_consistency')).toBeUndefined();
  });

  test('throws on, without cookies and with such that cannot be set', async () => {
    await expect(call(wrap(handler))).rejects.toBe(redirect);
    const cookies = () => Promise.reject(new Error('outside of a request'));
    await expect(call(withConsistency(consistency, { cookies })(handler, undefined))).rejects.toBe(redirect);
  });
});
