import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import {
  choose,
  inspectInEachLook,
  openBrowser,
  openPage,
  reloadedUntil,
  takenOver,
} from './support/browser';
import { fillInAndSend } from './support/campaigns';

const withBrowser = process.env.TEST_CHROMIUM ? describe : describe.skip;

withBrowser('in a browser (needs Chromium, which only root can install: set CHROMIUM_PATH)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  test('a newcomer lists, searches, pages, creates, edits and deletes', async () => {
    const page = await openPage(browser);
    await choose(page, 'Imani, owner');
    await page.getByText(/^1–25 of 1,[67]\d\d$/).waitFor();

    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByText(/^26–50 of/).waitFor();

    await page.getByRole('link', { name: 'New contact' }).click();
    await page.getByRole('heading', { name: 'New contact' }).waitFor();
    await page.getByLabel('Name').fill('Zora Quill');
    await page.getByRole('button', { name: 'Create contact' }).click();
    const email = page.getByLabel('Email');
    await page.getByRole('alert').filter({ hasText: 'Email field is required' }).waitFor();
    expect(await email.getAttribute('aria-invalid')).toBe('true');
    expect(await email.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.getByLabel('Name').inputValue()).toBe('Zora Quill');
    await page.getByText('Problem document').click();
    await page.getByRole('region', { name: 'Problem document' }).getByText('"pointer": "#/email"').waitFor();
    expect(await page.getByRole('link', { name: 'What this problem means' }).getAttribute('href')).toBe(
      '/errors/validation',
    );

    await email.fill('zora@quill.example');
    await page.getByRole('button', { name: 'Create contact' }).click();
    await page.getByRole('heading', { name: 'Zora Quill' }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Contact created' }).waitFor();

    await page.getByLabel('Company').fill('Quill and Sons');
    await page.getByLabel('Stage').selectOption('customer');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('status').filter({ hasText: 'Changes saved' }).waitFor();
    await page.getByText('Quill and Sons', { exact: true }).waitFor();

    await page.getByRole('link', { name: 'Contacts' }).first().click();
    await page.getByRole('searchbox').fill('quill');
    await page.getByRole('link', { name: 'Zora Quill' }).click();
    await page.getByRole('button', { name: 'Delete contact' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Zora Quill?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Delete contact' }).click();
    await dialog.getByRole('button', { name: 'Delete contact' }).click();
    await page.getByRole('status').filter({ hasText: 'Zora Quill was deleted' }).waitFor();
    await page.getByRole('searchbox').fill('quill');
    await page.getByText('Nobody matches “quill”').waitFor();
  });

  test('back and forward walk through searches, and the field follows', async () => {
    const page = await openPage(browser);
    await choose(page, 'Ada, owner');
    const search = page.getByRole('searchbox');
    await search.pressSequentially('kestrel', { delay: 20 });
    await page.waitForURL('**/contacts?q=kestrel');
    await page.getByRole('link', { name: 'Customer', exact: true }).click();
    await page.waitForURL('**/contacts?q=kestrel&stage=customer');
    await page.goBack();
    await page.waitForURL('**/contacts?q=kestrel');
    expect(await search.inputValue()).toBe('kestrel');
    // One step, however many letters were typed.
    await page.goBack();
    await page.waitForURL('**/contacts');
    await page.getByText(/^1–25 of 93$/).waitFor();
    expect(await search.inputValue()).toBe('');
    await page.goForward();
    await page.waitForURL('**/contacts?q=kestrel');
    expect(await search.inputValue()).toBe('kestrel');
  });

  test('a form that reaches no server, or meets a stranger’s change, keeps what was typed', async () => {
    const page = await openPage(browser);
    await choose(page, 'Ada, owner');
    await openContact(page, 5);
    const company = page.getByLabel('Company');
    await company.fill('Typed while offline');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('alert').filter({ hasText: 'The server was not reached' }).waitFor();
    await page.context().setOffline(false);
    expect(await company.inputValue()).toBe('Typed while offline');

    const id = new URL(page.url()).pathname.split('/').at(-1);
    const other = await page.request.patch(`/api/contacts/${id}`, { data: { notes: 'changed elsewhere' } });
    expect(other.status()).toBe(200);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('alert').filter({ hasText: 'Contact was changed meanwhile' }).waitFor();
    expect(await company.inputValue()).toBe('Typed while offline');
  });

  test('an answer that got lost, and the form sent again, make one contact', async () => {
    const page = await openPage(browser);
    await choose(page, 'Imani, owner');
    await page.goto('/contacts/new');
    await page.getByLabel('Name').fill('Only Once');
    await page.getByLabel('Email').fill(`${crypto.randomUUID()}@lost.example`);
    await page.route(
      '/api/contacts',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    const create = page.getByRole('button', { name: 'Create contact' });
    await create.click();
    await page.getByRole('alert').filter({ hasText: 'The server was not reached' }).waitFor();
    await create.click();
    // Without the key, the address would be taken: by the first attempt.
    await page.getByRole('heading', { name: 'Only Once' }).waitFor();
  });

  test('a viewer sees that the address is hidden, and nothing to change', async () => {
    const page = await openPage(browser);
    await choose(page, 'Luis, viewer');
    expect(await page.getByText('Hidden by your role').filter({ visible: true }).count()).toBe(25);
    expect(await page.content()).not.toContain('.example');
    expect(await page.getByRole('link', { name: 'New contact' }).count()).toBe(0);
    await openContact(page, 0);
    await page.getByText('Hidden by your role').first().waitFor();
    expect(await page.getByRole('button', { name: /Save|Delete/ }).count()).toBe(0);
    await page.goto('/campaigns');
    await page.getByText('Owners and managers create campaigns').waitFor();
  });

  test('the keyboard is enough', async () => {
    const page = await openPage(browser);
    await page.goto('/');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to content');
    await tabTo(page, /Gwen/);
    await page.keyboard.press('Enter');
    await page.locator('tbody tr a').first().waitFor();
    await tabTo(page, /New contact/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'New contact' }).waitFor();
    await tabTo(page, /^Email/);
    await page.keyboard.type(`keys-${Date.now()}@board.example`);
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'Contact created' }).waitFor();
    await takenOver(page.getByRole('button', { name: 'Delete contact' }));
    await tabTo(page, /Delete contact/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await focused(page)).toBe('Cancel');
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('Delete contact');
  });

  test('the request strip names the server that answered, and stays closed once closed', async () => {
    const page = await openPage(browser);
    await choose(page, 'Ada, owner');
    const strip = page.locator('details', { hasText: 'This request' });
    expect(await strip.textContent()).toMatch(
      /200, \d+ mscontacts: ((memory|redis), \d+ s old|database).*request [0-9a-f]{8}/,
    );
    await page.goto('/campaigns');
    await page.getByRole('heading', { name: 'New campaign' }).waitFor();
    await reloadedUntil(page, strip.getByRole('link', { name: /of 1,000 calls left$/ }));
    expect(await strip.textContent()).toMatch(
      /200, \d+ msreplica_\d.* of 1,000 calls left.*request [0-9a-f]{8}/,
    );
    await page.goto('/contacts');
    await takenOver(strip);
    await strip.locator('summary').click();
    await page.waitForFunction(() => document.cookie.includes('crm_strip=closed'));
    await page.reload();
    await page.locator('tbody tr a').first().waitFor();
    expect(await strip.getAttribute('open')).toBe(null);
  });

  test('what the walk does not come by is accessible, and fits', async () => {
    const page = await openPage(browser);
    await choose(page, 'Mira, owner');
    await page.goto('/contacts?q=nobody+is+called+this');
    await page.getByText('Nobody matches').waitFor();
    await inspectInEachLook(page, 'empty');
    await page.goto('/contacts');
    await openContact(page, 2);
    await page.getByRole('button', { name: 'Delete contact' }).click();
    await inspectInEachLook(page, 'delete');
    await page.goto('/contacts/new');
    await page.getByRole('button', { name: 'Create contact' }).click();
    await page.getByRole('alert').filter({ hasText: 'Email field' }).waitFor();
    await inspectInEachLook(page, 'invalid-contact');
    await page.goto('/campaigns');
    await fillInAndSend(page, 'Only Asked About');
    await page.getByRole('dialog').getByText('The demo delivers to its own outbox').waitFor();
    await inspectInEachLook(page, 'send-campaign');
    await page.goto('/nowhere');
    await inspectInEachLook(page, 'not-found');
  });
});

async function openContact(page: Page, row: number): Promise<void> {
  await page.locator('tbody tr a').nth(row).click();
  await page.waitForURL(/\/contacts\/[0-9a-f-]{36}$/);
}

function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.textContent?.trim());
}

/** Presses Tab until what has the focus is called this. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const label = await page.evaluate(() => {
      const { activeElement: element, body } = document;
      if (!element || element === body) return '';
      const text = element instanceof HTMLInputElement ? element.labels?.[0] : element;
      return element.ariaLabel ?? text?.textContent ?? '';
    });
    if (name.test(label)) return;
  }
  throw new Error(`Tab never reached ${name}`);
}
