import assert from 'node:assert/strict';
import { startApm } from '@unite/apm';
import { browserVitalsHandler } from '@unite/apm/next';
import { postedByPage } from './browser-page.js';

const body = await postedByPage(
  `import { startBrowserApm } from '@unite/apm/browser';
  startBrowserApm({
    service: { name: 'crm', release: 'crm@1' },
    consent: 'granted',
    vitals: { url: '/vitals', load: () => import('web-vitals') },
  });`,
  '/vitals',
  (text) => /ttfb/i.test(text) && /fcp/i.test(text),
);
const apm = startApm({ service: { name: 'crm' }, crash: false });
const names: string[] = [];
const handler = browserVitalsHandler({ record: (name) => void names.push(name), routes: () => apm.routes() });
const response = await handler(new Request('http://crm.example/vitals', { method: 'POST', body }));
assert(response.ok && names.includes('browser_ttfb_seconds') && names.includes('browser_fcp_seconds'));
await apm.close();
console.log(`${names.sort().join(', ')} of a page in Chromium`);
process.exit();
