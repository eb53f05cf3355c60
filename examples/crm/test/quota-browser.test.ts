import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { api, newContact } from './support/api';
import {
  choose,
  inspectInEachLook,
  looks,
  openBrowser,
  openPage,
  reloadedUntil,
  takenOver,
} from './support/browser';
import { one, scorerIs, setCalls, setContacts, usageOf, usedOf } from './support/quota';

const withBrowser = process.env.TEST_CHROMIUM && one ? describe : describe.skip;

withBrowser('plans in a browser (needs Chromium)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(() => scorerIs({}));
  afterAll(() => browser?.close());

  const open = () => openPage(browser, { ...looks.light, baseURL: one });

  test('usage is told live: a call somewhere else, a pause, the end of the session', async () => {
    const page = await open();
    await choose(page, 'Mira, owner');
    await page.getByRole('link', { name: 'Usage' }).first().click();
    await page.getByText(/^Live, /).waitFor();
    const calls = meter(page, 'API calls today');
    const used = usedOf(await usageOf('meridian'), 'apiCallsPerDay');
    await calls.getByText(used.toLocaleString('en'), { exact: true }).waitFor();
    await api('/api/hot-leads', { workspace: 'meridian', origin: one });
    await calls.getByText((used + 1).toLocaleString('en'), { exact: true }).waitFor();
    await page
      .getByRole('cell', { name: /\$0\.0/ })
      .first()
      .waitFor();

    const pause = page.getByRole('button', { name: 'Pause' });
    await pause.click();
    await page.getByText(/^Paused at/).waitFor();
    await api('/api/hot-leads', { workspace: 'meridian', origin: one });
    await pause.click();
    await calls.getByText((used + 2).toLocaleString('en'), { exact: true }).waitFor();

    await page.context().clearCookies();
    await page.route('/api/usage', (route) =>
      route.continue({ headers: { ...route.request().headers(), 'x-demo-workspace': 'nobody' } }),
    );
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await page.getByText('Sign-in required. Last seen').waitFor();
  });

  // Of its own: back on the network the shell reads the screen anew, which without a session is the start page.
  test('a lost network is told, and afterwards usage is live again', async () => {
    const page = await open();
    await choose(page, 'Mira, owner');
    await page.getByRole('link', { name: 'Usage' }).first().click();
    await page.getByText(/^Live, /).waitFor();
    await page.context().setOffline(true);
    await page.getByText('The application does not answer').waitFor();
    await page.context().setOffline(false);
    await page.getByText(/^Live, /).waitFor();
  });

  test('nobody is asked while nobody looks', async () => {
    const page = await open();
    await choose(page, 'Mira, owner');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.addInitScript(() => Object.defineProperty(document, 'hidden', { get: () => true }));
    await page.goto('/usage');
    await takenOver(page.getByRole('button', { name: 'Pause' }));
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.evaluate(() => fetch('/health/live'));
    expect(asked).toContain('/health/live');
    expect(asked).not.toContain('/api/usage');
  });

  test('a score says what it cost, and the second time that it was there already', async () => {
    const page = await open();
    await openNewContact(page);
    const panel = page.getByRole('region', { name: 'How promising' });
    await takenOver(panel.getByRole('button'));
    await panel.getByRole('button', { name: 'Score with AI' }).click();
    await panel.getByText(/^\d+ tokens, \$0\.00\d+$/).waitFor();
    await panel.getByText(/^\d+ of 100$/).waitFor();
    const score = await panel.getByText(/^\d+ of 100$/).textContent();
    // The form beside it has the new score, so that saving it does not bring the old one back.
    while ((await page.getByLabel('Score').inputValue()) !== score?.split(' ')[0])
      await page.evaluate(() => fetch('/health/live'));
    await panel.getByRole('button', { name: 'Score again' }).click();
    await panel.getByText(/^from memory, \d+ s old, \$0$/).waitFor();

    await page.getByLabel('Company').fill('Typed and not saved');
    await panel.getByRole('button', { name: 'Score again' }).click();
    await panel.getByRole('alert').filter({ hasText: 'Save your changes first' }).waitFor();
    expect(await page.getByLabel('Company').inputValue()).toBe('Typed and not saved');
  });

  test('a reason is read while the model says it; who cancels keeps what was there', async () => {
    const page = await open();
    await openNewContact(page);
    const panel = page.getByRole('region', { name: 'How promising' });
    await scorerIs({ holdAfterChunks: 12 });
    await takenOver(panel.getByRole('button'));
    await panel.getByRole('button', { name: 'Score with AI' }).click();
    const reason = panel.getByText(/^Head of Operations/);
    await reason.waitFor();
    await panel.getByRole('button', { name: 'Cancel' }).click();
    await panel.getByRole('status').filter({ hasText: 'Cancelled.' }).waitFor();
    expect([await reason.count(), await isFocused(page, 'Score with AI')]).toEqual([0, true]);
    await page.keyboard.press('Enter');
    await reason.waitFor();
    await scorerIs({});
    await panel.getByText(/^(Cold|Warm|Hot)$/).waitFor();
  });

  test('a model that fails is told to the person, who may try again', async () => {
    const page = await open();
    await openNewContact(page);
    const panel = page.getByRole('region', { name: 'How promising' });
    await scorerIs({ status: 500 });
    await takenOver(panel.getByRole('button'));
    await panel.getByRole('button', { name: 'Score with AI' }).click();
    await panel.getByRole('alert').filter({ hasText: 'Nothing was charged' }).waitFor();
    await scorerIs({});
    await panel.getByRole('button', { name: 'Try again' }).click();
    await panel.getByText(/^\d+ tokens, /).waitFor();
  });

  test('a viewer sees the score, and cannot ask for one', async () => {
    const page = await open();
    await choose(page, 'Luis, viewer');
    await page.locator('tbody tr a').first().click();
    await page.getByRole('region', { name: 'How promising' }).waitFor();
    expect(await page.getByRole('button', { name: /Score/ }).count()).toBe(0);
  });

  test('the keyboard is enough for usage', async () => {
    const page = await open();
    await choose(page, 'Ada, owner');
    await page.goto('/usage');
    const pause = page.getByRole('button', { name: 'Pause' });
    await takenOver(pause);
    for (let presses = 0; presses < 40 && !(await isFocused(page, 'Pause')); presses++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.getByText(/^Paused at/).waitFor();
  });

  test('the strip says how many calls are left, after the page and after each call', async () => {
    const page = await open();
    await choose(page, 'Joel, manager');
    const strip = page.locator('details', { hasText: 'This request' });
    const left = strip.getByRole('link', { name: /of 100,000 calls left$/ });
    await reloadedUntil(page, left);
    await takenOver(page.getByRole('link', { name: 'Next' }));
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByText(/^26–50 of/).waitFor();
    const [, remaining] = /^([\d,]+) of/.exec((await left.textContent()) ?? '') ?? [];
    expect(Number(remaining?.replace(',', ''))).toBe(
      100_000 - usedOf(await usageOf('harbour'), 'apiCallsPerDay'),
    );
    await left.click();
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
  });

  // The last: it uses up the day of the free workspace, which the processes then remember.
  test('what is used up is said, in every look', async () => {
    const page = await open();
    await setContacts('copperline', 1_000);
    await choose(page, 'Esra, owner');
    await page.goto('/contacts/new');
    await page.getByLabel('Email').fill('one@too-many.example');
    await takenOver(page.getByRole('button', { name: 'Create contact' }));
    await page.getByRole('button', { name: 'Create contact' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: 'Starter holds 1,000 contacts, and every place is taken. Pro would allow it.' })
      .waitFor();
    expect(await page.getByLabel('Email').inputValue()).toBe('one@too-many.example');

    await setCalls('lantern', 1_000);
    await choose(page, 'Ada, owner');
    await page.getByRole('link', { name: 'Next' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: 'Not enough is left of today’s 1,000 API calls' })
      .waitFor();
    await page.goto('/usage');
    await meter(page, 'API calls today').getByText('Used up. Begins anew at midnight.').waitFor();
    // The forecast decides: what was used up soon after midnight would be too much for Starter, too.
    await page.getByRole('region', { name: /^(Starter|Pro) would suit better$/ }).waitFor();
    await inspectInEachLook(page, 'usage-full', true);
  });

  test('without an answer the screen says so, in every look', async () => {
    const page = await openPage(browser, { ...looks.light, baseURL: process.env.TEST_DEGRADED_ORIGIN ?? '' });
    const { headers } = await api('/api/session', {
      method: 'POST',
      json: { userId: 'meridian-mira' },
      origin: one,
    });
    const [cookie = ''] = headers.getSetCookie();
    const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/s);
    await page.context().addCookies([{ name, value, url: process.env.TEST_DEGRADED_ORIGIN ?? '' }]);
    await page.goto('/usage');
    await page.getByText('The usage cannot be read right now').waitFor();
    await inspectInEachLook(page, 'usage-unknown');
  });
});

/** A contact about whom no model was asked. */
async function openNewContact(page: Page): Promise<void> {
  const { id } = await newContact(
    {
      name: 'Noor Halvorsen',
      jobTitle: 'Head of Operations',
      company: `Quill ${crypto.randomUUID().slice(0, 4)}`,
    },
    'harbour',
    one,
  );
  await choose(page, 'Imani, owner');
  await page.goto(`/contacts/${id}`);
}

function meter(page: Page, name: string) {
  return page.getByRole('list', { name: 'Used of the plan' }).getByRole('listitem').filter({ hasText: name });
}

function isFocused(page: Page, text: string): Promise<boolean> {
  return page.evaluate((wanted) => document.activeElement?.textContent?.trim() === wanted, text);
}
