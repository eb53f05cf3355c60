import { chromium as playwright } from 'playwright-core';

/** What somebody at a screen waits for: the list of a page that is opened, and the next one. */
export async function measureBrowser({ chromium, apps, cookie, visits }) {
  const opened = { name: 'browser, page opened', off: [], on: [] };
  const turned = { name: 'browser, next page', off: [], on: [] };
  const browser = await playwright.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    const pages = [];
    for (const { mode, origin } of apps) {
      const context = await browser.newContext({ baseURL: origin });
      const [name, value] = cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: origin }]);
      pages.push({ mode, page: await context.newPage() });
    }
    for (let visit = -1; visit < visits; visit++) {
      for (const { mode, page } of pages) {
        await page.goto('/contacts', { waitUntil: 'load' });
        // Only script makes a picker of a stage: links load pages until then.
        await page.locator('tbody select').first().waitFor();
        const openedMs = await page.evaluate(
          () => performance.getEntriesByType('navigation')[0].loadEventEnd,
        );
        const turnedMs = await page.evaluate(nextPage);
        // The first visit fills the browser's cache.
        if (visit < 0) continue;
        opened[mode].push(openedMs);
        turned[mode].push(turnedMs);
      }
    }
  } finally {
    await browser.close();
  }
  return [opened, turned];
}

/** In the page: from the click until the list is there. */
function nextPage() {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('The next page never came')), 10_000);
    const startedAtMs = performance.now();
    const isThere = () => document.querySelector('nav[aria-label="Pages"]')?.textContent?.includes('26–50');
    new MutationObserver((_, observer) => {
      if (!isThere()) return;
      observer.disconnect();
      resolve(performance.now() - startedAtMs);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    const links = document.querySelectorAll('nav[aria-label="Pages"] a');
    links[links.length - 1].click();
  });
}
