import { expect, test } from '@jest/globals';
import { startBrowserApm } from '../../src/browser';

test('on a server it does nothing', async () => {
  const apm = startBrowserApm({
    service: { name: 'crm' },
    consent: 'granted',
    errors: { url: '/api/errors', withoutConsent: true },
    datadog: { load: () => Promise.reject(new Error('loaded')), applicationId: 'a', clientToken: 'b' },
    feedback: { url: '/api/feedback' },
  });
  apm.consent('denied');
  expect(await apm.feedback({ message: 'x' })).toBe(false);
});
