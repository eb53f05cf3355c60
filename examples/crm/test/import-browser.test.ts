import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { api } from './support/api';
import { choose, inspectInEachLook, openBrowser, openPage } from './support/browser';

const withBrowser = process.env.TEST_CHROMIUM ? describe : describe.skip;

withBrowser('fields and imports in a browser (needs Chromium)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  test('a manager adds a field, imports rows that have it, puts the wrong ones right, and deletes the field', async () => {
    const page = await openPage(browser);
    await choose(page, 'Filip, manager');
    await page.getByRole('link', { name: 'Fields' }).click();
    await page.getByText('No fields yet').waitFor();
    await page.getByText('0 of 20 used').waitFor();
    await page.getByLabel('Label').fill('Tier <b>');
    await page.getByLabel('Kind').selectOption('choice');
    await page.getByRole('button', { name: 'Add field' }).click();
    await page.getByText('A choice needs at least one', { exact: true }).waitFor();
    await page.getByLabel('Options').fill('Gold\n\n Silver ');
    await page.getByRole('button', { name: 'Add field' }).click();
    await page.getByText('1 of 20 used').waitFor();
    await page.getByText('Choice: Gold, Silver').waitFor();
    await inspectInEachLook(page, 'fields');

    const domain = `${crypto.randomUUID()}.example`;
    await page.goto('/contacts/import');
    const csv = `Email,Name,tier <B>\nzora@${domain},Zora Import,Gold\n<img src=x>,Bad,Tin`;
    const file = { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) };
    await page.getByLabel('CSV file').setInputFiles(file);
    await page.getByRole('button', { name: 'Check the rows' }).click();
    await page.getByRole('heading', { name: 'What would become of 2 rows' }).waitFor();
    await page.getByText('it says “<img src=x>”').waitFor();
    await inspectInEachLook(page, 'import', true);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the rows with errors' }).click();
    expect(await readFile(await (await download).path(), 'utf8')).toBe(
      '\ufeffEmail,Name,tier <B>,error\r\n' +
        '<img src=x>,Bad,Tin,"Email: Must look like name@company.com; tier <B>: Must be one of Gold, Silver"\r\n',
    );
    // A second click comes before the first one is answered.
    await page.getByRole('button', { name: 'Import 1 contact' }).dblclick();
    await page.getByRole('heading', { name: 'What became of 2 rows' }).waitFor();
    await page.getByText('1 created').waitFor();

    await page.goto(`/contacts?q=zora@${domain}`);
    await page.getByRole('link', { name: 'Zora Import' }).click();
    const tier = page.getByLabel('Tier <b>');
    expect(await tier.inputValue()).toBe('Gold');
    await tier.selectOption('Silver');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('status').filter({ hasText: 'Changes saved' }).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1);

    await page.goto('/contacts/fields');
    await page.getByRole('button', { name: 'Delete Tier <b>' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Tier <b>?' });
    await dialog.getByText('1 contact has a value. What they say is deleted too').waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No fields yet').waitFor();
    const contact = await api(`/api/contacts/${id}`, { workspace: 'copperline' });
    expect(contact.json.custom).toEqual({});
    await api(`/api/contacts/${id}`, { method: 'DELETE', workspace: 'copperline' });
  });

  test('a form says what is too long, that one is signed out, and that the contact is gone, and keeps what was typed', async () => {
    const page = await openPage(browser);
    await choose(page, 'Filip, manager');
    await page.goto('/contacts/new');
    const notes = page.getByLabel('Notes');
    const huge = 'x'.repeat(1_000_000);
    const sent: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
    await notes.evaluate((element, text) => {
      (element as HTMLTextAreaElement).value = text;
    }, huge);
    await page.getByRole('button', { name: 'Create contact' }).click();
    await page.getByText('At most 10,000 characters, and this has 1,000,000').waitFor();
    expect(sent.filter((url) => url.endsWith('/api/contacts'))).toEqual([]);

    await notes.fill('Kept');
    await page.getByLabel('Email').fill(`${crypto.randomUUID()}@signed-out.example`);
    const cookies = await page.context().cookies();
    await page.context().clearCookies({ name: 'crm_session' });
    await page.getByRole('button', { name: 'Create contact' }).click();
    await page.getByRole('alert').filter({ hasText: 'You are signed out' }).waitFor();
    expect(await notes.inputValue()).toBe('Kept');
    await page.context().addCookies(cookies);
    await page.getByRole('button', { name: 'Create contact' }).dblclick();
    await page.getByRole('status').filter({ hasText: 'Contact created' }).waitFor();

    await page.waitForURL(/\/contacts\/[0-9a-f-]{36}$/);
    const path = new URL(page.url()).pathname;
    expect((await page.request.delete(`/api${path}`)).status()).toBe(204);
    await page.getByLabel('Notes').fill('Typed in vain');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('alert').filter({ hasText: 'It was deleted after you had opened it' }).waitFor();
    expect(await page.getByLabel('Notes').inputValue()).toBe('Typed in vain');
  });

  test('addresses of nothing are pages that say so', async () => {
    const page = await openPage(browser);
    await choose(page, 'Filip, manager');
    const { contacts } = (await api('/api/contacts?pageSize=1', { workspace: 'meridian' })).json;
    for (const id of ['none', contacts[0]?.id, '%00', 'x'.repeat(2_000)]) {
      const response = await page.goto(`/contacts/${id}`);
      expect({ id, status: response?.status() }).toEqual({ id, status: 404 });
    }
  });
});
