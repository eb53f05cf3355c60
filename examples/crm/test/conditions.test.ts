import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { newContact } from './support/api';
import { choose, openBrowser, openPage, takenOver } from './support/browser';

const withBrowser = process.env.TEST_CHROMIUM ? describe : describe.skip;

withBrowser('under conditions that are not ideal (needs Chromium)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  test('before any script has come, people sign in, page, filter, search and read', async () => {
    const page = await openPage(browser);
    await page.route('**/*.js', (route) => route.abort());
    await page.goto('/');
    await page.getByRole('button', { name: 'Imani, owner' }).click();
    await page.getByText(/^1–25 of 1,[67]\d\d$/).waitFor();
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByText(/^26–50 of/).waitFor();
    await page.getByRole('link', { name: 'Customer', exact: true }).click();
    await page.waitForURL(/stage=customer/);
    await page.getByRole('searchbox').fill('kestrel');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=kestrel/);
    await page.locator('tbody tr a').first().click();
    await page.getByLabel('Email').waitFor();
    for (const path of ['/campaigns', '/usage', '/errors']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
    }
  });

  test('what was typed and sent before the script came is saved when it has', async () => {
    const page = await openPage(browser);
    await choose(page, 'Imani, owner');
    const { id } = await newContact({ name: 'Early Bird' });
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/*.js', async (route) => {
      await released;
      await route.continue();
    });
    await page.goto(`/contacts/${id}`, { waitUntil: 'commit' });
    await page.getByLabel('Company').fill('Typed before the script');
    await page.getByRole('button', { name: 'Save changes' }).click();
    release();
    await page.getByRole('status').filter({ hasText: 'Changes saved' }).waitFor();
    await page.reload();
    expect(await page.getByLabel('Company').inputValue()).toBe('Typed before the script');
  });

  test('two tabs: a contact that is deleted in one is gone in the other, and nothing typed is', async () => {
    const { id } = await newContact({ name: 'Deleted Elsewhere' });
    const one = await openPage(browser);
    await choose(one, 'Imani, owner');
    const other = await tabBeside(one);
    await one.goto(`/contacts/${id}`);
    await one.getByLabel('Company').fill('Typed and not saved');
    await other.goto(`/contacts/${id}`);
    await takenOver(other.getByRole('button', { name: 'Delete contact' }));
    await other.getByRole('button', { name: 'Delete contact' }).click();
    await other.getByRole('dialog').getByRole('button', { name: 'Delete contact' }).click();
    await other.waitForURL('**/contacts');
    await one.getByRole('button', { name: 'Save changes' }).click();
    await one.getByRole('alert').filter({ hasText: 'not found' }).waitFor();
    expect(await one.getByLabel('Company').inputValue()).toBe('Typed and not saved');
  });

  test('two tabs: who has signed out in one is told so in the other, and nothing typed is lost', async () => {
    const { id } = await newContact({ name: 'Signed Out Elsewhere' });
    const one = await openPage(browser, { baseURL: process.env.TEST_CLOSED_ORIGIN ?? '' });
    await one.context().addCookies(await sessionCookies(browser));
    const other = await tabBeside(one);
    await one.goto(`/contacts/${id}`);
    await one.getByLabel('Company').fill('Typed and not saved');
    await other.goto('/contacts');
    await other.getByRole('button', { name: 'Imani, owner' }).click();
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByRole('link', { name: 'Sign in' }).or(other.getByText('No identity provider')).waitFor();
    await one.getByRole('button', { name: 'Save changes' }).click();
    await one.getByRole('alert').filter({ hasText: 'Sign-in required' }).waitFor();
    expect(await one.getByLabel('Company').inputValue()).toBe('Typed and not saved');
  });
});

/** Another tab of the same browser. */
async function tabBeside(page: Page): Promise<Page> {
  const tab = await page.context().newPage();
  tab.on('pageerror', (error) => {
    throw error;
  });
  return tab;
}

/** Of a person who has signed in at the application beside, which trusts the same secret. */
async function sessionCookies(browser: Browser): Promise<Awaited<ReturnType<BrowserContext['cookies']>>> {
  const page = await openPage(browser);
  await choose(page, 'Imani, owner');
  const cookies = await page.context().cookies();
  await page.context().close();
  return cookies.filter(({ name }) => name === 'crm_session');
}
