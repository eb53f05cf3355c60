import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { api, newContact } from './support/api';
import { choose, inspectInEachLook, looks, openBrowser, openPage, takenOver } from './support/browser';

const withBrowser = process.env.TEST_CHROMIUM ? describe : describe.skip;

withBrowser('the contacts in a browser (needs Chromium)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  test('paging, sorting, filtering and searching load lists, and never a page', async () => {
    const page = await openPage(browser);
    await choose(page, 'Nuno, manager');
    const asked = requestsOf(page);
    const next = page.getByRole('link', { name: 'Next' });
    await next.click();
    await page.getByText(/^26–50 of 2,4/).waitFor();
    expect(new URL(page.url()).search).toBe('?page=2');
    await page
      .getByRole('status')
      .filter({ hasText: /^Contacts 26 to 50 of 2,4/ })
      .waitFor();
    await page.getByRole('link', { name: 'Company' }).click();
    await page.getByRole('columnheader', { name: 'Company' }).and(page.locator('[aria-sort]')).waitFor();
    await page.getByRole('link', { name: 'Customer', exact: true }).click();
    await page.waitForURL('**/contacts?stage=customer&sort=company');
    await page.getByRole('searchbox').fill('robotics');
    await page.waitForURL('**/contacts?stage=customer&sort=company&q=robotics');
    await page.goBack();
    await page.goBack();
    await page.goBack();
    await page.getByText(/^26–50 of 2,4/).waitFor();
    await page.goBack();
    await page.getByText(/^1–25 of 2,4/).waitFor();
    expect(asked.filter((request) => !request.startsWith('fetch /api/'))).toEqual([]);
    expect(asked).toContain('fetch /api/contacts?page=2');
  });

  test('the focus stays where it was, also at the last page', async () => {
    const page = await openPage(browser);
    await choose(page, 'Ada, owner');
    await page.goto('/contacts?page=3');
    const next = page.getByRole('link', { name: 'Next' });
    await takenOver(next);
    await next.focus();
    await page.keyboard.press('Enter');
    await page.getByText(/^76–93 of/).waitFor();
    expect(await next.getAttribute('aria-disabled')).toBe('true');
    expect(await next.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('the strip tells of what the browser asked, and of where that came from', async () => {
    const page = await openPage(browser);
    await choose(page, 'Joel, manager');
    const strip = page.locator('details', { hasText: 'This request' });
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByText(/^26–50 of/).waitFor();
    await page.reload();
    await strip.getByText(/^contacts: (memory|redis), \d+ s old$/).waitFor();
    expect(await strip.getByRole('link', { name: /replica|primary/ }).count()).toBe(0);
    await takenOver(page.getByRole('link', { name: 'Previous' }));
    await page.getByRole('link', { name: 'Previous' }).click();
    await page.getByText(/^1–25 of/).waitFor();
    // Two reads made the page; one list was fetched now.
    await expect(strip.getByText(/^hot leads:/).count()).resolves.toBe(0);
    await strip.getByText(/^contacts: ((memory|redis), \d+ s old|database)$/).waitFor();
  });

  test('whoever comes back to the window, or to the network, sees what changed meanwhile', async () => {
    const page = await openPage(browser);
    await choose(page, 'Esra, owner');
    const first = await newContact({ name: 'Came While Away' }, 'copperline');
    const cameBack = page.getByRole('link', { name: 'Came While Away' });
    // One look in five seconds counts.
    while (!(await cameBack.isVisible())) {
      await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    }

    await page.context().setOffline(true);
    await api(`/api/contacts/${first.id}`, {
      method: 'PATCH',
      json: { name: 'Renamed While Offline' },
      workspace: 'copperline',
    });
    const renamed = page.getByRole('link', { name: 'Renamed While Offline' });
    // What came less than two seconds ago is not asked for again; and whoever goes offline again loses the answer.
    let isSeen = false;
    while (!isSeen) {
      await page.context().setOffline(true);
      await page.context().setOffline(false);
      isSeen = await renamed.waitFor({ timeout: 2_500 }).then(
        () => true,
        () => false,
      );
    }
  });

  test('a stage shows at once, and is taken back where the server refuses', async () => {
    const page = await openPage(browser);
    const { name } = await newContact({ name: `Picked ${Date.now()}` }, 'copperline');
    await choose(page, 'Esra, owner');
    const stage = page.getByRole('combobox', { name: `Stage of ${name}` });
    const mark = page.getByRole('row', { name }).locator('span[aria-hidden]').last();
    expect(await stage.inputValue()).toBe('lead');

    let refuse: () => void = () => undefined;
    const refused = new Promise<void>((resolve) => {
      refuse = resolve;
    });
    await page.route(
      '/api/contacts/*',
      async (route) => {
        await refused;
        await route.fulfill({
          status: 403,
          contentType: 'application/problem+json',
          body: JSON.stringify({ type: 'about:blank', status: 403, title: 'No', detail: 'Not today.' }),
        });
      },
      { times: 1 },
    );
    await stage.focus();
    await stage.selectOption('qualified');
    expect(await stage.inputValue()).toBe('qualified');
    await mark.getByText('Qualified').waitFor();
    refuse();
    await page
      .getByRole('alert')
      .filter({ hasText: `Not saved. ${name} stays at Lead. Not today.` })
      .waitFor();
    expect(await stage.inputValue()).toBe('lead');
    expect(await stage.evaluate((element) => element === document.activeElement)).toBe(true);

    await stage.selectOption('customer');
    await page
      .getByRole('status')
      .filter({ hasText: `${name}: Customer` })
      .waitFor();
    expect(await page.getByRole('alert').filter({ hasText: 'Not saved' }).count()).toBe(0);
    await page.reload();
    await page.getByRole('combobox', { name: `Stage of ${name}` }).waitFor();
    expect(await stage.inputValue()).toBe('customer');
  });

  test('a list that cannot be loaded says so, and is tried again', async () => {
    const page = await openPage(browser);
    await choose(page, 'Ada, owner');
    await page.route('/api/contacts?page=2', (route) =>
      route.fulfill({
        status: 403,
        contentType: 'application/problem+json',
        body: JSON.stringify({ type: 'about:blank', status: 403, title: 'No', detail: 'Not now.' }),
      }),
    );
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByRole('alert').filter({ hasText: 'The list could not be loaded. Not now.' }).waitFor();
    await page.unroute('/api/contacts?page=2');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(/^26–50 of/).waitFor();
  });

  test('a score makes a lead hot, at once', async () => {
    const page = await openPage(browser);
    const { id, name } = await newContact({ name: 'Aaron Ember', score: 3 }, 'copperline');
    await choose(page, 'Gwen, member');
    await page.goto(`/contacts/${id}`);
    await page.getByLabel('Score').fill('120');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Must be a whole number from 0 to 100').first().waitFor();
    await page.getByLabel('Score').fill('100');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('100 of 100').waitFor();
    await page.getByRole('link', { name: 'Contacts' }).first().click();
    const hot = page.getByRole('region', { name: 'Hot leads' });
    await hot.getByRole('link', { name }).click();
    await page.waitForURL(`**/contacts/${id}`);
  });

  test('a viewer is shown stages, and cannot change them', async () => {
    const page = await openPage(browser);
    await choose(page, 'Luis, viewer');
    expect(await page.getByRole('combobox').count()).toBe(0);
    expect(await page.getByRole('region', { name: 'Hot leads' }).getByRole('link').count()).toBe(6);
  });

  test('without script the list, its links and the search work as they did', async () => {
    const signedIn = await openPage(browser);
    await choose(signedIn, 'Ada, owner');
    const storageState = await signedIn.context().storageState();
    const page = await openPage(browser, { ...looks.light, javaScriptEnabled: false, storageState });
    await page.goto('/contacts');
    await page.getByRole('link', { name: 'Next' }).click();
    await page.waitForURL('**/contacts?page=2');
    await page.getByRole('link', { name: 'Customer', exact: true }).click();
    await page.waitForURL('**/contacts?stage=customer');
    expect(await page.getByRole('combobox').count()).toBe(0);
    await page.getByRole('searchbox').fill('kestrel');
    await page.getByRole('searchbox').press('Enter');
    await page.waitForURL('**/contacts?q=kestrel');
  });

  test('what went wrong with a list is accessible, and fits', async () => {
    const page = await openPage(browser);
    await choose(page, 'Mira, owner');
    for (const refused of ['/api/contacts/*', '/api/contacts?page=2']) {
      await page.route(refused, (route) =>
        route.fulfill({
          status: 403,
          contentType: 'application/problem+json',
          body: JSON.stringify({ type: 'about:blank', status: 403, title: 'No', detail: 'Not now.' }),
        }),
      );
    }
    await page.locator('select').first().selectOption('lost');
    await page.getByRole('alert').filter({ hasText: 'Not saved' }).waitFor();
    await inspectInEachLook(page, 'stage-refused');
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor();
    await inspectInEachLook(page, 'list-failed');
  });
});

/** What the page asks for from now on, without what its looks need: `document /contacts`, `fetch /api/contacts`. */
function requestsOf(page: Page): string[] {
  const requests: string[] = [];
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    // The icon is asked for anew with every address, and spans are sent when they are.
    if (!/^\/(_next\/|icon|api\/browser-spans)/.test(pathname))
      requests.push(`${request.resourceType()} ${pathname}${search}`);
  });
  return requests;
}
