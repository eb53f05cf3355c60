import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createClient } from 'redis';
import { api, signIn } from './support/api';
import { looks, openBrowser, openPage } from './support/browser';
import { one, other } from './support/quota';

const run = promisify(execFile);
const crm = fileURLToPath(new URL('..', import.meta.url));

/** What tells an address or a number of the demo's contacts. */
const plain = /\.example|\+1 \d{3} 555/;

describe('where contacts are kept', () => {
  const pools: pg.Pool[] = [];
  afterAll(() => Promise.all(pools.map((pool) => pool.end())));

  test('the database has no address and no number that could be read', async () => {
    const pool = new pg.Pool({ connectionString: process.env.TEST_QUOTA_DATABASE_URL });
    pools.push(pool);
    const { rows } = await pool.query('select email, phone, email_index, phone_index from contacts');
    expect(rows.length).toBeGreaterThan(4_000);
    expect(rows.filter((row) => plain.test(JSON.stringify(row)))).toEqual([]);
    expect(rows.every(({ email, email_index: index }) => /^AQ[E-H][\w-]{100,}$/.test(email) && index)).toBe(
      true,
    );
    // Two workspaces with the same address would not be seen to have it.
    expect(new Set(rows.map(({ email_index: index }) => index)).size).toBe(rows.length);
  });

  (one ? test : test.skip)('Redis has none either (needs Redis)', async () => {
    expect((await api('/api/contacts?pageSize=100', { origin: one })).text).toMatch(plain);
    const redis = createClient({ url: process.env.TEST_QUOTA_REDIS_URL ?? '' });
    await redis.connect();
    let entries = 0;
    for await (const keys of redis.scanIterator({ MATCH: 'crm:*', COUNT: 1_000 })) {
      for (const key of keys) {
        const dumped = await redis.withTypeMapping({ 36: Buffer }).dump(key);
        entries += 1;
        expect(String(dumped)).not.toMatch(plain);
      }
    }
    await redis.close();
    expect(entries).toBeGreaterThan(0);
  });
});

(one ? describe : describe.skip)('keys by the command line (needs Redis, as the processes do)', () => {
  const env = {
    NODE_ENV: process.env.NODE_ENV,
    PATH: process.env.PATH,
    DATABASE_URL: process.env.TEST_QUOTA_DATABASE_URL,
    REDIS_URL: process.env.TEST_QUOTA_REDIS_URL,
    KEYRING_FILE: process.env.TEST_KEYRING_FILE,
  };
  const script = async (...args: string[]) => (await run(process.execPath, args, { cwd: crm, env })).stdout;
  const keys = async (...args: string[]) =>
    JSON.parse(await script('scripts/unite.mjs', 'keys', ...args, '--json'));
  const asOwner = { origin: one || other, workspace: 'meridian' };

  test('are rotated, and contacts are encrypted anew while they are read and found', async () => {
    const { json } = await api('/api/contacts?pageSize=100', asOwner);
    const [contact] = json.contacts;
    const found = async () =>
      (await api(`/api/contacts?${new URLSearchParams({ q: contact?.email ?? '' })}`, asOwner)).json.total;
    expect(await found()).toBe(1);
    // At once: the other process has not heard of the key when it meets it.
    await keys('rotate', '--tenant', 'meridian', '--now');
    const made = await api('/api/contacts', {
      ...asOwner,
      method: 'POST',
      json: { email: `${crypto.randomUUID()}@rotated.example` },
    });
    const seen = await api(`/api/contacts/${made.json.id}`, { ...asOwner, origin: other });
    expect(seen.json.email).toBe(made.json.email);
    expect(await found()).toBe(1);
    expect(await script('scripts/encrypt-contacts.mjs')).toMatch(/meridian, 2,4\d\d contacts/);
    expect(await found()).toBe(1);
    expect((await api(`/api/contacts/${contact?.id}`, asOwner)).json.email).toBe(contact?.email);
  });

  test('are destroyed with everything that only they could read', async () => {
    await expect(keys('shred', 'lantern')).rejects.toThrow();
    expect(await keys('shred', 'lantern', '--yes')).toMatchObject({ tenantId: 'lantern', isShredded: true });
    await expect(script('scripts/encrypt-contacts.mjs')).resolves.toContain('lantern');
    expect((await api('/api/contacts', { ...asOwner, workspace: 'harbour' })).status).toBe(200);
  });
});

const inBrowser = process.env.TEST_CHROMIUM ? test : test.skip;

inBrowser(
  'a login goes through the identity provider (needs Chromium, which only root can install)',
  async () => {
    const browser = await openBrowser();
    try {
      const page = await openPage(browser, { ...looks.light, baseURL: process.env.TEST_ATTACK_ORIGIN ?? '' });
      await page.goto('/');
      // Who there is, is for nobody to know but in a demo.
      expect(await page.getByText('Lantern Studio').count()).toBe(0);
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Ada, owner' }).click();
      await page.waitForURL('**/contacts');
      await page.getByText('Lantern Studio').first().waitFor();

      // Who is signed out where they are going gets there by the login.
      await page.context().clearCookies();
      await page.goto('/usage');
      await page.waitForURL('**/?returnTo=%2Fusage');
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Ada, owner' }).click();
      await page.waitForURL('**/usage');
      await page.goto('/?signIn=refused');
      await page.getByRole('alert').filter({ hasText: 'does not let this person in' }).waitFor();
    } finally {
      await browser.close();
    }
  },
);

inBrowser('of a demo, a person is one click, by the same login (needs Chromium)', async () => {
  const browser = await openBrowser();
  try {
    const baseURL = process.env.TEST_DEGRADED_ORIGIN ?? '';
    const page = await openPage(browser, { ...looks.light, baseURL });
    const asked: URL[] = [];
    page.on('request', (request) => void asked.push(new URL(request.url())));
    await page.goto('/campaigns');
    await page.getByRole('link', { name: 'Imani, owner' }).click();
    await page.waitForURL('**/campaigns');
    await page.getByText('Harbour Analytics').first().waitFor();
    const toProvider = asked.find(({ searchParams }) => searchParams.has('code_challenge'));
    expect(Object.fromEntries(toProvider?.searchParams ?? [])).toMatchObject({
      login_hint: 'harbour-imani',
      code_challenge_method: 'S256',
      prompt: 'login',
      state: expect.any(String),
      nonce: expect.any(String),
    });
    const callback = asked.find(({ pathname }) => pathname === '/api/session/callback');
    expect(callback?.searchParams.get('code')).toBeTruthy();
    expect(callback?.searchParams.get('state')).toBe(toProvider?.searchParams.get('state'));
  } finally {
    await browser.close();
  }
});

test('a person can be named in a demo alone', async () => {
  const begin = async (origin: string | undefined) => {
    const { headers } = await api('/api/session/begin?person=lantern-ada', { origin });
    return new URL(headers.get('location') ?? '').searchParams.get('login_hint');
  };
  expect(await begin(process.env.TEST_DEGRADED_ORIGIN)).toBe('lantern-ada');
  expect(await begin(process.env.TEST_ATTACK_ORIGIN)).toBeNull();
});

test('what another site makes a browser send is refused as a problem', async () => {
  const cookie = await signIn('harbour-imani');
  const headers = { 'sec-fetch-site': 'cross-site' };
  const { status, json } = await api('/api/contacts', {
    method: 'POST',
    json: { email: 'a@b.example' },
    cookie,
    headers,
  });
  expect([status, json.title]).toEqual([403, 'Forbidden']);
});
