import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { type Answer, cookieOf } from './support/api';
import { choose, inspectInEachLook, looks, openBrowser, openPage } from './support/browser';
import {
  drill,
  onDrill,
  primaryUrl,
  replica1Url,
  replica2Url,
  type ServerName,
  untilCluster,
} from './support/drill';

const portOf = (url: string) => new URL(url).port;
const nodeName = (url: string) => new URL(url).host;

describe('servers lost while people work', () => {
  test('a replica killed under requests fails none of them, and is used again when it is back', async () => {
    // On the plan that allows as much as a process can do.
    const cookie = await signInOnDrill('meridian-mira');
    const answers: Answer[] = [];
    let isOver = false;
    const people = ['/api/contacts', '/contacts', '/campaigns', '/api/contacts?q=quill'].map(async (path) => {
      while (!isOver) answers.push(await onDrill(path, { cookie }));
    });
    await until(() => answers.length > 40);
    await drill('replica_2', 'SIGKILL');
    await untilCluster(({ nodes }) => nodes.some(({ state }) => state === 'down'));
    const before = answers.length;
    await until(() => answers.length > before + 40);
    await drill('replica_2', 'start');
    await untilCluster(({ nodes }) => nodes.every(({ state }) => state === 'up'));
    await until(() =>
      answers.slice(before).some(({ headers }) => nodeOf(headers)?.includes(`port=${portOf(replica2Url)}`)),
    );
    isOver = true;
    await Promise.all(people);
    // A page has sent its status before it is complete; what failed then stands in it.
    const failed = answers.filter(({ status, text }) => status !== 200 || text.includes('UNITE_DB_'));
    expect(failed.map(({ text }) => text)).toEqual([]);
  });

  test('a frozen primary holds up who saves, and nobody who reads', async () => {
    // Whose use is known already: that of others is in the ledger alone.
    await onDrill('/api/contacts');
    await drill('primary', 'SIGSTOP');
    const saving = post();
    await untilCluster(({ primary, waitingWrites }) => primary === undefined && waitingWrites > 0);
    const ready = await onDrill('/health/ready');
    // Reads are served, and writes wait for as long as a failover may take.
    expect(ready.status).toBe(200);
    expect(ready.json).toMatchObject({ status: 'degraded', groups: { ready: 'up', write: 'degraded' } });
    for (let read = 0; read < 5; read++) expect((await onDrill('/api/contacts')).status).toBe(200);
    await drill('primary', 'SIGCONT');
    expect((await saving).status).toBe(201);
  });
});

const withBrowser = process.env.TEST_CHROMIUM ? describe : describe.skip;

withBrowser('the dashboard, while servers are lost (needs Chromium)', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
    page = await openPage(browser, { ...looks.light, baseURL: process.env.TEST_DRILL_ORIGIN ?? '' });
    await choose(page, 'Imani, owner');
    await page.goto('/ops/database');
  });
  afterAll(() => browser?.close());

  test('follows a replica that is killed and a primary that freezes, by itself', async () => {
    const main = page.getByRole('main');
    await main.getByText(`${nodeName(primaryUrl)} takes the writes`).waitFor();
    await drill('replica_2', 'SIGKILL');
    await stateOf(replica2Url)
      .filter({ hasText: /down, .*ECONNREFUSED/ })
      .waitFor();
    await drill('replica_2', 'start');
    await stateOf(replica2Url).filter({ hasText: /up$/ }).waitFor();

    await drill('primary', 'SIGSTOP');
    await main.getByText(/^No primary/).waitFor();
    await inspectInEachLook(page, 'ops-no-primary', true);
    const saving = post();
    await drill('primary', 'SIGCONT');
    expect((await saving).status).toBe(201);
    await main.getByText(`${nodeName(primaryUrl)} takes the writes`).waitFor();
  });

  function stateOf(url: string) {
    return page
      .getByRole('row')
      .filter({ hasText: nodeName(url) })
      .getByRole('cell')
      .first();
  }
});

describe('another server takes over', () => {
  // The last one: what is promoted stays so.
  test('when a replica takes over, saving goes on there, and the old primary gets nothing', async () => {
    // What was frozen before is known to be back.
    await untilCluster(({ nodes }) => nodes.every(({ state }) => state === 'up'));
    while ((await onDrill('/health/ready/write')).status !== 200);
    const key = { 'idempotency-key': crypto.randomUUID() };
    const json = { email: `${crypto.randomUUID()}@failover.example` };
    const before = await post({ json, headers: key });
    // A replica that is promoted without having received it would have lost it: replication is asynchronous here.
    const here = 'select id from contacts where id = $1';
    while ((await sql(replica1Url, here, [before.json.id])).length === 0);
    await drill('primary', 'SIGKILL');
    const saving = post();
    await sql(replica1Url, 'select pg_promote()');
    const saved = await saving;
    expect(saved.status).toBe(201);
    expect(nodeOf(saved.headers)).toMatch(`role=primary; port=${portOf(replica1Url)}`);
    const cookie = { cookie: cookieOf(saved, 'unite_consistency') };
    expect((await onDrill(`/api/contacts/${saved.json.id}`, { headers: cookie })).status).toBe(200);

    await drill('primary', 'start');
    const { counts } = await untilCluster(({ nodes }) => nodes.some(({ state }) => state === 'fenced'));
    // What the ledger was writing may be unknown; it is written again under its id.
    expect(counts).toMatchObject({ failovers: 1 });
    const later = await Promise.all(Array.from({ length: 10 }, () => post()));
    expect(later.map(({ status }) => status)).toEqual(Array(10).fill(201));
    const repeated = await post({ json, headers: key });
    expect([repeated.status, repeated.json.id]).toEqual([201, before.json.id]);

    const ids = [saved, ...later].map(({ json: { id } }) => id);
    const count = 'select count(*)::int as count from contacts where id = any($1)';
    expect(await sql(primaryUrl, count, [ids])).toEqual([{ count: 0 }]);
    expect(await sql(replica1Url, count, [ids])).toEqual([{ count: 11 }]);
  });
});

/** A test that failed half-way leaves no server frozen for the next. */
afterEach(async () => {
  for (const server of ['primary', 'replica_1', 'replica_2'] satisfies ServerName[]) {
    await drill(server, 'SIGCONT').catch(() => undefined);
  }
});

function post(options: object = {}): Promise<Answer> {
  const json = { email: `${crypto.randomUUID()}@failover.example` };
  return onDrill('/api/contacts', { method: 'POST', json, ...options });
}

async function signInOnDrill(userId: string): Promise<string> {
  return cookieOf(await onDrill('/api/session', { method: 'POST', json: { userId } }), 'crm_session');
}

function nodeOf(headers: Headers): string | null {
  return headers.get('x-database-node');
}

/** Lets the requests go on until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await onDrill('/health/live');
}

async function sql(connectionString: string, text: string, values: unknown[] = []): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
