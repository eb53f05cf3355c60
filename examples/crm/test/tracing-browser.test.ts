import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { newContact } from './support/api';
import { choose, inspectInEachLook, looks, openBrowser, openPage, takenOver } from './support/browser';
import { one } from './support/quota';
import { type ReceivedSpan, receivedTrace, treeOf } from './support/traces';

const withBrowser = process.env.TEST_CHROMIUM && one ? describe : describe.skip;

withBrowser('traces in a browser (needs Chromium)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  test('one click is one tree at the receiver: browser, route, quota, cache, Redis, PostgreSQL, model', async () => {
    const page = await openPage(browser, { ...looks.light, baseURL: one });
    await openNewContact(page);
    const score = page.getByRole('button', { name: 'Score with AI' });
    await takenOver(score);
    const answered = page.waitForResponse((response) => response.url().endsWith('/score'));
    await score.click();
    const traceId = (await (await answered).headerValue('traceresponse'))?.split('-')[1] ?? '';
    await page.getByText(/^\d+ tokens, /).waitFor();
    await page.close({ runBeforeUnload: true });

    const spans = await receivedTrace(
      traceId,
      (found) => new Set(found.map(({ service }) => service)).size === 2 && found.some(isModel),
    );
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const [root, ...others] = spans.filter(({ parentSpanId }) => !parentSpanId || !ids.has(parentSpanId));
    expect(others).toEqual([]);
    expect(root).toMatchObject({ service: 'crm-browser', name: 'POST /api/contacts/[id]/score' });
    const route = spans.filter(({ parentSpanId }) => parentSpanId === root?.spanId);
    // The proxy's, which knows no route yet; that of the route is below it.
    expect(route.map(({ name, service }) => [name, service])).toEqual([['POST', 'crm']]);
    for (const wanted of [isQuota, isCache, isRedis, isPostgres, isModel]) {
      const found = spans.find(wanted);
      expect({ wanted: wanted.name, path: found && pathOf(found, spans).slice(-2) }).toEqual({
        wanted: wanted.name,
        path: ['POST', 'POST /api/contacts/[id]/score'],
      });
    }
    // What a person sees of it: `npx jest tracing-browser` prints it.
    process.stdout.write(`${treeOf(spans).join('\n')}\n`);
  });

  test('traces are read on the dashboard, and are accessible', async () => {
    const page = await openPage(browser);
    await choose(page, 'Imani, owner');
    await page
      .locator('details', { hasText: 'This request' })
      .getByRole('link', { name: 'trace', exact: true })
      .click();
    await page.getByRole('heading', { name: 'GET /contacts' }).waitFor();
    await page.locator('summary', { hasText: 'GET /contacts' }).first().click();
    await page.getByText('unite.tenant_id').first().waitFor();
    await inspectInEachLook(page, 'trace-opened', true);

    await page.getByRole('link', { name: 'Traces' }).click();
    await page.getByRole('row').nth(1).waitFor();
    await page.goto('/ops/traces/0af7651916cd43dd8448eb211c80319c');
    await page.getByText('Evicted or sampled out').waitFor();
  });
});

function isQuota({ name }: ReceivedSpan): boolean {
  return name.startsWith('quota ');
}

function isCache({ name }: ReceivedSpan): boolean {
  return name.startsWith('cache ');
}

function isRedis({ scope }: ReceivedSpan): boolean {
  return scope === '@opentelemetry/instrumentation-redis';
}

function isPostgres({ scope }: ReceivedSpan): boolean {
  return scope === '@opentelemetry/instrumentation-pg';
}

function isModel({ attributes }: ReceivedSpan): boolean {
  return Number(attributes['gen_ai.usage.output_tokens']) > 0;
}

/** Names from a span up to its root. */
function pathOf(span: ReceivedSpan, spans: readonly ReceivedSpan[]): string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [span.name, ...(parent ? pathOf(parent, spans) : [])];
}

/** A contact about whom no model was asked. */
async function openNewContact(page: Page): Promise<void> {
  const { id } = await newContact({ name: 'Noor Halvorsen', company: 'Quill' }, 'harbour', one);
  await choose(page, 'Imani, owner');
  await page.goto(`/contacts/${id}`);
}
