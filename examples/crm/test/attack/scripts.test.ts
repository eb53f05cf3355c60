import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { attack, origin, reportAs } from '../support/attack/client';
import { newContact } from '../support/attack/contacts';
import { type Person, signInAll } from '../support/attack/people';
import { routes } from '../support/attack/routes';
import { weaknesses } from '../support/attack/weaknesses';
import { openBrowser } from '../support/browser';

const withBrowser = process.env.TEST_CHROMIUM ? describe : describe.skip;

/** Each marks the window of whatever runs it. */
const scripts = [
  '<script>window.ran=1</script>',
  '<img src=x onerror=window.ran=2>',
  '"><svg onload=window.ran=3>',
  "'-(window.ran=4)-'",
  'javascript:window.ran=5',
  '</script><script>window.ran=6</script>',
  '<iframe srcdoc="<script>parent.ran=7</script>">',
  '<math><mtext></table><mglyph><style><img src onerror=window.ran=8>',
  '\u2028</title><script>window.ran=9</script>',
  '<base href=//127.0.0.1:1/><a id=__next_f>',
];
const all = scripts.join(' ');

reportAs('scripts');

withBrowser('scripts in what people write, and in addresses', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let cookies: Record<Person, string>;
  const dialogs: string[] = [];

  beforeAll(async () => {
    cookies = await signInAll();
    browser = await openBrowser();
    context = await browser.newContext({ baseURL: origin });
    context.setDefaultTimeout(60_000);
    const [name = '', value = ''] = cookies.owner.split('=');
    await context.addCookies([{ name, value, url: origin }]);
    page = await context.newPage();
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  });
  afterAll(() => browser?.close());

  test('what is stored is shown as text, in lists, on its own page, to another role', async () => {
    // A field is shorter than all of them.
    const stored = await Promise.all(
      scripts.map((script) =>
        newContact(cookies.member, {
          name: script,
          company: script,
          jobTitle: script,
          notes: all,
          phone: script.slice(0, 40),
          score: 100,
        }),
      ),
    );
    const campaign = { name: `${scripts[0]}`, subject: `${scripts[1]}`, audience: 'everyone' };
    await attack('/api/campaigns', {
      method: 'POST',
      path: '/api/campaigns',
      cookie: cookies.manager,
      json: campaign,
    });
    for (const path of ['/contacts', ...stored.slice(0, 3).map(({ id }) => `/contacts/${id}`), '/campaigns'])
      await isQuiet(path);
    await page.goto('/contacts?q=window.ran');
    await page.getByText('<script>window.ran=1</script>').first().waitFor();
    expect(await ran()).toBeUndefined();
  });

  test('what an error says, and what a person says of it, is text on the screen of errors', async () => {
    const stack = `${all}\n    at ${scripts[1]} (javascript:window.ran=10:1:1)\n    at x (http://a/_next/static/../../../../../../etc/passwd:1:1)`;
    const report = {
      name: scripts[0],
      message: `xss-error ${all}`,
      stack,
      path: scripts[4],
      route: scripts[1],
    };
    const headers = { 'content-type': 'application/json' };
    const taken = await attack('/api/browser-errors', {
      method: 'POST',
      path: '/api/browser-errors',
      cookie: cookies.owner,
      headers,
      json: report,
    });
    expect(taken.status).toBe(204);
    const json = { message: all, digest: scripts[0] };
    const feedback = await attack('/api/feedback', {
      method: 'POST',
      path: '/api/feedback',
      cookie: cookies.viewer,
      json,
    });
    expect(feedback.status).toBe(202);
    await isQuiet('/ops/errors');
    await page.getByText('xss-error').first().waitFor();
    for (const stack of await page.locator('main summary').all()) await stack.click();
    expect(await ran()).toBeUndefined();
    expect(await page.content()).not.toMatch(/root:.*:0:0/);
  });

  test('what an address says is text, or nothing', async () => {
    const reflecting = (script: string) => {
      const text = encodeURIComponent(script);
      return [
        `/?signIn=${text}`,
        `/contacts?q=${text}&sort=${text}&stage=${text}&page=${text}`,
        `/contacts/${text}`,
        `/errors/${text}`,
        `/ops/traces/${text}`,
        `/ops/${text}`,
        `/ops/errors?q=${text}#${text}`,
        `/${text}`,
        `/#${text}`,
      ];
    };
    for (const path of [
      ...reflecting(all),
      '/?signIn=javascript:window.ran=5',
      '/contacts?q=javascript:window.ran=5',
    ])
      await isQuiet(path);
  });

  test('a problem of the API that a browser is shown as a page is text, too', async () => {
    for (const path of [`/api/${encodeURIComponent(all)}`, '/api/contacts/x', '/api/registry/x'])
      await isQuiet(path);
  });

  test('were something put into a page all the same, its policy would not run it', async () => {
    await page.goto('/contacts');
    await page.evaluate((html) => {
      const place = document.createElement('div');
      place.innerHTML = html;
      document.body.append(place);
      const link = document.createElement('a');
      link.href = 'javascript:window.ran=21';
      document.body.append(link);
      link.click();
    }, all);
    expect(await ran()).toBeUndefined();
    const evaluated = await page.evaluate(() => {
      const button = document.createElement('button');
      button.setAttribute('onclick', 'window.ran = 22');
      button.click();
      return document.scripts.length;
    });
    expect(evaluated).toBeGreaterThan(0);
    expect(await ran()).toBeUndefined();
  });

  test('no page can be framed', async () => {
    const framing = await browser.newPage();
    await framing.setContent(`<iframe src="${origin}/contacts"></iframe>`);
    expect(framing.frames().filter((frame) => frame.url().startsWith(origin))).toEqual([]);
    await framing.close();
  });

  async function isQuiet(path: string): Promise<void> {
    await page.goto(path, { waitUntil: 'load' });
    const template = templateOf(path);
    const answer = await attack(template, { path: path.split('#')[0] ?? path, cookie: cookies.owner });
    expect({ path, weak: weaknesses(answer), ran: await ran(), dialogs }).toEqual({
      path,
      weak: [],
      ran: undefined,
      dialogs: [],
    });
    const bad = await page.evaluate(() => ({
      base: document.querySelectorAll('base').length,
      frames: document.querySelectorAll('iframe, object, embed').length,
      addresses: [...document.querySelectorAll('a[href], form[action]')].filter((element) =>
        /^\s*javascript:(?!throw new Error)/i.test(
          element.getAttribute('href') ?? element.getAttribute('action') ?? '',
        ),
      ).length,
    }));
    expect({ path, ...bad }).toEqual({ path, base: 0, frames: 0, addresses: 0 });
  }

  function ran(): Promise<unknown> {
    return page.evaluate(() => (window as unknown as { ran?: unknown }).ran);
  }
});

/** Which route answers; of what none does, the one for all the others. */
function templateOf(path: string): string {
  const [plain = ''] = path.split(/[?#]/);
  const matching = routes.filter(({ template }) =>
    new RegExp(`^${template.replace(/\[+\.\.\.\w+\]+/g, '.+').replace(/\[\w+\]/g, '[^/]+')}$`).test(plain),
  );
  return (
    matching.toSorted((one, other) => one.template.indexOf('[...') - other.template.indexOf('[...'))[0]
      ?.template ?? '/'
  );
}
