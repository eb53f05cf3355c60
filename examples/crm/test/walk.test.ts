import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { inspectInEachLook, looks, openBrowser, openPage, takenOver } from './support/browser';
import { fillInAndSend } from './support/campaigns';

const origin = process.env.TEST_WALK_ORIGIN ?? '';
const withBrowser = process.env.TEST_CHROMIUM && origin ? describe : describe.skip;

// One story: each step goes on where the one before it has ended. Its pictures are those of the documentation.
withBrowser('the first two minutes of a newcomer (needs Chromium and Redis)', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
    page = await openPage(browser, { ...looks.light, baseURL: origin });
  });
  afterAll(() => browser?.close());

  const look = (name: string, fullPage = false) => inspectInEachLook(page, `walk-${name}`, fullPage);

  /** By the menu, which first says what should hold. */
  async function startDrill(title: string): Promise<void> {
    const opener = page.getByRole('button', { name: 'Drills' });
    await takenOver(opener);
    await opener.click();
    await page.getByRole('button', { name: title }).click();
  }

  /** Unless a minute has passed, and it was mended by itself. */
  async function restore(): Promise<void> {
    const banner = page.getByRole('region', { name: /^Drill: / });
    await banner
      .getByRole('button', { name: 'Restore' })
      .click({ timeout: 5_000 })
      .catch(() => undefined);
    await banner.waitFor({ state: 'detached' });
  }

  test('a person is picked, and signed in by the identity provider with PKCE', async () => {
    const asked: URL[] = [];
    page.on('request', (request) => request.isNavigationRequest() && asked.push(new URL(request.url())));
    await page.goto('/');
    await look('start');
    await page.getByRole('link', { name: 'Ada, owner' }).click();
    await page.getByRole('heading', { name: 'Contacts' }).waitFor();
    const login = asked.find((url) => url.origin === process.env.TEST_WALK_PROVIDER);
    expect(login?.searchParams.get('code_challenge_method')).toBe('S256');
    await page.getByText('1–25 of 93').waitFor();
    await look('contacts');
  });

  test('a contact is found by a whole e-mail address, which the database holds encrypted', async () => {
    const email = (await page.locator('tbody tr').nth(3).locator('td').nth(0).textContent()) ?? '';
    expect(email).toContain('@');
    await takenOver(page.getByRole('searchbox'));
    await page.getByRole('searchbox').fill(email);
    await page.waitForURL(`**/contacts?q=${encodeURIComponent(email)}`);
    await page.getByText('1–1 of 1').waitFor();
    await page.locator('tbody tr a').first().click();
    await page.getByLabel('Email').waitFor();
    expect(await page.getByLabel('Email').inputValue()).toBe(email);
  });

  test('a score streams and costs; the second one is there already, and costs nothing', async () => {
    const panel = page.getByRole('region', { name: 'How promising' });
    await takenOver(panel.getByRole('button'));
    await panel.getByRole('button', { name: 'Score with AI' }).click();
    await panel.getByText(/^\d+ tokens, \$0\.00\d+$/).waitFor();
    // The form beside it has the new score.
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[name=score]')?.value !== '');
    await panel.getByRole('button', { name: 'Score again' }).click();
    await panel.getByText(/^from memory, \d+ s old, \$0$/).waitFor();
    await page.waitForFunction(() => document.title !== '');
    await look('contact', true);
  });

  test('a campaign that is not valid is explained; one that is goes out to everybody', async () => {
    await page.getByRole('link', { name: 'Campaigns' }).first().click();
    const invalid = page.getByRole('button', { name: 'Try an invalid one' });
    await takenOver(invalid);
    await invalid.click();
    await page.getByRole('alert').filter({ hasText: 'Name field is required' }).waitFor();
    await page.locator('summary', { hasText: 'Problem document' }).click();
    await look('campaign-invalid', true);
    await page.getByRole('link', { name: 'What this problem means' }).click();
    await page
      .getByText('application/problem+json')
      .or(page.getByText('/errors/validation'))
      .first()
      .waitFor();
    await look('error', true);
    await page.goBack();
    await takenOver(invalid);
    await fillInAndSend(page, 'Walked about');
    await page.getByRole('button', { name: 'Send to 93 contacts' }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'Walked about' });
    await row.getByText('Sent', { exact: true }).waitFor();
    await row.getByText('Delivered to 93').waitFor();
    await look('campaigns', true);
    await row.getByRole('link', { name: 'Trace' }).click();
    await page.getByRole('heading', { name: 'job send-campaign' }).waitFor();
    await look('trace-of-job', true);
  });

  test('usage is live, says what it costs, and which plan would suit better', async () => {
    await page.goto('/usage');
    await page.getByText(/^Live, /).waitFor();
    await page.getByRole('region', { name: 'Starter would suit better' }).waitFor();
    await look('usage', true);
  });

  test('the place after the last is refused, and what was typed stays', async () => {
    for (let contacts = 93; contacts < 100; contacts++) {
      const email = `${crypto.randomUUID()}@walk.example`;
      const made = await page.request.post('/api/contacts', { data: { email }, headers: { origin } });
      expect(made.status()).toBe(201);
    }
    await page.goto('/contacts/new');
    await page.getByLabel('Email').fill('one@too-many.example');
    await takenOver(page.getByRole('button', { name: 'Create contact' }));
    await page.getByRole('button', { name: 'Create contact' }).click();
    await page.getByRole('alert').filter({ hasText: 'Free holds 100 contacts' }).waitFor();
    expect(await page.getByLabel('Email').inputValue()).toBe('one@too-many.example');
    await look('contacts-full');
  });

  test('a replica is killed by a button while people work: every screen is there, and the dashboard says so', async () => {
    await page.goto('/contacts');
    await startDrill('Kill a replica');
    await page.getByText(/^replica_2 down \d+ s, \d+ requests?, 0 failed$/).waitFor();
    await look('drill');
    for (let round = 0; round < 2; round++) await visitEach(page);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Ops' }).click();
    await page.getByRole('heading', { level: 1, name: 'Now' }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Database' }).first().click();
    await page.getByRole('cell', { name: /down, .*ECONNREFUSED/ }).waitFor();
    await look('replica-down', true);
    await page.request.post('/api/drills/kill-replica?action=stop', { headers: { origin } });
    await page.getByText(/^\S+ takes the writes$/).waitFor();
    await page.getByRole('cell', { name: /^down, / }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Back to the CRM' }).click();
    await page.getByRole('heading', { name: 'Contacts' }).waitFor();
  });

  test('Redis is frozen while people work: every screen is there, and saving and reading go on', async () => {
    await page.goto('/contacts');
    await startDrill('Freeze Redis');
    await page.getByText(/^redis frozen/).waitFor();
    await visitEach(page);
    await page.getByRole('link', { name: 'Contacts' }).first().click();
    await page.getByRole('heading', { name: 'Contacts' }).waitFor();
    await page.locator('tbody tr a').first().click();
    await page.getByLabel('Company', { exact: true }).fill('Saved without Redis');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('status').filter({ hasText: 'Changes saved' }).waitFor();
    await restore();
  });

  test('the strip leads to the trace of the request that made the page', async () => {
    await page.goto('/contacts?sort=name');
    await page
      .locator('details', { hasText: 'This request' })
      .getByRole('link', { name: 'trace', exact: true })
      .click();
    await page.getByRole('heading', { name: 'GET /contacts' }).waitFor();
    await look('trace', true);
  });

  test('requests, errors and promises are told at /ops, by a page that its own policy allows', async () => {
    const refused: string[] = [];
    page.on('console', (message) => {
      if (/Content.Security.Policy|Refused to/.test(message.text())) refused.push(message.text());
    });
    await page.request.post('/api/ops/errors', { headers: { origin } });
    await page.goto('/ops');
    for (const [name, shows] of [
      ['Requests', 'POST /api/ops/errors'],
      ['Errors', 'This error was asked for'],
      ['SLOs', 'api-latency'],
      ['Now', 'Health'],
    ] as const) {
      await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await page.getByRole('main').getByText(shows).first().waitFor();
      if (name === 'Now' || name === 'Errors') await look(`ops-${name.toLowerCase()}`, true);
    }
    expect(refused).toEqual([]);
  });

  test('all five things to try are ticked by what the server saw', async () => {
    await page.goto('/campaigns');
    await takenOver(page.getByRole('button', { name: 'Try this' }));
    await page.getByRole('button', { name: 'Try this' }).click();
    await page.getByText('5 of 5 seen').waitFor();
    await look('try-this');
  });
});

/** Each screen of the menu, as a person who clicks through it. */
async function visitEach(page: Page): Promise<void> {
  for (const name of ['Contacts', 'Campaigns', 'Usage', 'Errors']) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    expect(await page.getByText('Something went wrong').count()).toBe(0);
  }
}
