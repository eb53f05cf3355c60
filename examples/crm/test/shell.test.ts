import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { api, newContact, signIn } from './support/api';
import {
  choose,
  inspect,
  inspectInEachLook,
  looks,
  openBrowser,
  openPage,
  takenOver,
} from './support/browser';

test('what a session has seen is its own, and nobody’s without one', async () => {
  const [mine, other] = [await signIn('harbour-imani'), await signIn('harbour-imani')];
  await api('/api/campaigns', { method: 'POST', json: {}, cookie: mine });
  const seen = async (cookie?: string) => (await api('/api/try-this', cookie ? { cookie } : {})).text;
  expect(await seen(mine)).toBe('{"seen":["refusal"]}');
  expect(await seen(other)).toBe('{"seen":[]}');
  // The demo lets curl act as an owner, and remembers nothing of it.
  expect(await seen()).toBe('{"seen":[]}');
});

const withBrowser = process.env.TEST_CHROMIUM ? describe : describe.skip;

withBrowser('around every screen (needs Chromium, which only root can install: set CHROMIUM_PATH)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  test('who was sent to sign in comes back, also where the session ended elsewhere', async () => {
    const page = await openPage(browser);
    await page.goto('/contacts?q=kestrel&stage=customer');
    await page.waitForURL('**/?returnTo=%2Fcontacts%3Fq%3Dkestrel%26stage%3Dcustomer');
    await page.getByRole('button', { name: 'Ada, owner' }).click();
    await page.waitForURL('**/contacts?q=kestrel&stage=customer');
    await takenOver(page.getByRole('searchbox'));
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Usage' }).first().click();
    await page.waitForURL('**/?returnTo=%2Fusage');
    await page.getByRole('heading', { name: 'Choose a workspace' }).waitFor();
  });

  test('things to try are ticked by what the server saw', async () => {
    const page = await openPage(browser);
    await choose(page, 'Mira, owner');
    const open = page.getByRole('button', { name: 'Try this' });
    const popover = page.getByRole('region', { name: 'Try this' });
    await takenOver(open);
    await open.click();
    await popover.getByText('To do: You looked at a trace').waitFor();
    await popover.getByText('To do: A refused write explained itself').waitFor();
    await page.keyboard.press('Escape');
    await popover.waitFor({ state: 'hidden' });
    expect(await focused(page)).toBe('Try this');

    // Before anything is saved: whoever has just saved is answered by the primary.
    await page.goto('/campaigns');
    await page.request.get('/api/contacts');
    await page.request.get('/api/contacts');
    await page.request.post('/api/campaigns', { data: {} });
    const { id } = await newContact({}, 'meridian');
    await page.request.post(`/api/contacts/${id}/score`);
    await page.request.post(`/api/contacts/${id}/score`);
    await page.goto('/ops/traces');
    await page.getByRole('main').getByRole('link').first().click();
    await page.waitForURL(/\/ops\/traces\/\w{32}$/);
    await page.getByRole('heading', { level: 1, name: 'Trace' }).waitFor();
    await page.getByRole('link', { name: 'Back to the CRM' }).click();
    await takenOver(open);
    await open.click();
    await popover.getByText('5 of 5 seen').waitFor();
    await inspect(page, 'light-try-this');

    await popover.getByRole('button', { name: 'Hide until next time' }).click();
    await page.reload();
    await page.getByRole('button', { name: /Mira, owner/ }).waitFor();
    expect(await open.count()).toBe(0);
  });

  test('without a connection it says so, loses nothing, and goes on by itself', async () => {
    const page = await openPage(browser);
    await choose(page, 'Ada, owner');
    await page.getByRole('link', { name: 'New contact' }).click();
    await page.getByRole('heading', { name: 'New contact' }).waitFor();
    const name = page.getByLabel('Name', { exact: true });
    await takenOver(name);
    await name.fill('Typed before');
    await page.context().setOffline(true);
    const banner = page.getByRole('status').filter({ hasText: 'You are offline.' });
    await banner.waitFor();
    await inspect(page, 'light-offline');
    await page.context().setOffline(false);
    await banner.waitFor({ state: 'hidden' });
    expect(await name.inputValue()).toBe('Typed before');

    await page.context().setOffline(true);
    await banner.waitFor();
    await page.getByRole('link', { name: 'Campaigns' }).first().click();
    await page.context().setOffline(false);
    await page.getByRole('heading', { name: 'New campaign' }).waitFor();
    await banner.waitFor({ state: 'hidden' });
  });

  test('a slash searches, and a navigation takes the focus along and closes menus', async () => {
    const page = await openPage(browser);
    await choose(page, 'Ada, owner');
    await takenOver(page.getByRole('searchbox'));
    await page.keyboard.press('/');
    await page.keyboard.type('a/b');
    expect(await page.getByRole('searchbox').inputValue()).toBe('a/b');

    const person = page.getByRole('button', { name: /Ada, owner/ });
    await person.click();
    await page.getByRole('link', { name: 'Switch person or workspace' }).click();
    await page.getByRole('heading', { name: 'Choose a workspace' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    expect(await page.locator(':popover-open').count()).toBe(0);
  });

  test('the menus, and what went wrong, are accessible and fit', async () => {
    const page = await openPage(browser);
    await choose(page, 'Imani, owner');
    for (const name of ['Try this', 'Imani, owner']) {
      await page.getByRole('button', { name }).click();
      await page.locator(':popover-open').waitFor();
      await inspectInEachLook(page, `${name.split(/\W/)[0]?.toLowerCase()}-menu`);
      await page.keyboard.press('Escape');
    }
    await page.goto('/?signIn=expired&returnTo=/usage');
    await inspectInEachLook(page, 'sign-in-failed');
    await page.goto('/errors');
    await inspectInEachLook(page, 'errors');
  });

  test('the menu of a narrow screen is accessible, and fits', async () => {
    const page = await openPage(browser, looks.narrow);
    await choose(page, 'Imani, owner');
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.locator(':popover-open').waitFor();
    await inspect(page, 'menu-narrow');
  });
});

function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.textContent?.trim());
}
