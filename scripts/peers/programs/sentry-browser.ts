import assert from 'node:assert/strict';
import { postedByPage } from './browser-page.js';

const body = await postedByPage(
  `import { startBrowserApm } from '@unite/apm/browser';
  startBrowserApm({
    service: { name: 'crm', release: 'crm@1', environment: 'test' },
    consent: 'granted',
    sentry: { load: () => import('@sentry/browser'), dsn: 'https://abc@o1.ingest.sentry.io/1', tunnel: '/tunnel' },
  });
  const wait = setInterval(() => {
    if (!('__SENTRY__' in window)) return;
    clearInterval(wait);
    throw new TypeError('to be told');
  }, 50);`,
  '/tunnel',
  (text) => text.includes('to be told'),
);
assert.match(body, /"release":"crm@1"/);
console.log('an error of a page in Chromium, with its release');
process.exit();
