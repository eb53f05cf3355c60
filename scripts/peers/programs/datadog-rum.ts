import assert from 'node:assert/strict';
import { postedByPage } from './browser-page.js';

const body = await postedByPage(
  `import { startBrowserApm } from '@unite/apm/browser';
  startBrowserApm({
    service: { name: 'crm', release: 'crm@1', environment: 'test' },
    consent: 'granted',
    datadog: { load: () => import('@datadog/browser-rum'), applicationId: 'a', clientToken: 'pub1', proxy: '/rum' },
  });`,
  '/rum',
  (text) => text.includes('"view"'),
);
assert.match(body, /"version":"crm@1"/);
console.log('a view of a page in Chromium, with its release');
process.exit();
