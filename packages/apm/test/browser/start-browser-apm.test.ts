import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
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

test('without options it measures nothing, says so, and does not throw', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  for (const options of [undefined, null, {}]) {
    const apm = startBrowserApm(options as never);
    apm.consent('granted');
    expect(await apm.feedback({ message: 'x' })).toBe(false);
  }
  expect(warn).toHaveBeenCalledTimes(3);
  warn.mockRestore();
});

describe('in a page', () => {
  const sent: Record<string, unknown>[] = [];
  const fake = {
    location: { origin: 'https://x', pathname: '/contacts/7' },
    window: {} as object,
    fetch: async (_: string, { body }: { body: string }) => {
      sent.push(JSON.parse(body));
      return { ok: true };
    },
    addEventListener: (kind: string, listen: (event: object) => void) => listeners.set(kind, listen),
    removeEventListener: () => {},
  };
  const listeners = new Map<string, (event: object) => void>();
  const kept = new Map<string, PropertyDescriptor | undefined>();
  beforeEach(() => {
    sent.length = 0;
    fake.window = {};
    for (const [name, value] of Object.entries(fake)) {
      kept.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
  });
  afterEach(() => {
    for (const [name, descriptor] of kept) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  });

  test('feedback needs a message, and sends what is known alone', async () => {
    const apm = startBrowserApm({
      service: { name: 'crm' },
      consent: 'denied',
      feedback: { url: '/api/feedback' },
    });
    for (const said of [null, undefined, {}, { message: ' ' }, { message: 7 }, 'x']) {
      expect(await apm.feedback(said as never)).toBe(false);
    }
    expect(sent).toEqual([]);
    expect(await apm.feedback({ message: 'slow', name: 'Ada', other: 1 } as never)).toBe(true);
    expect(sent).toEqual([{ message: 'slow', name: 'Ada', url: 'https://x/contacts/7' }]);
  });

  test.each<[string, () => string | undefined, string | undefined]>([
    ['tells it', () => '/contacts/[id]', '/contacts/[id]'],
    ['does not know it', () => undefined, undefined],
    [
      'throws',
      () => {
        throw new Error('no router');
      },
      undefined,
    ],
  ])('the route is that of the page, where it %s', (_, route, told) => {
    startBrowserApm({
      service: { name: 'crm' },
      consent: 'granted',
      route,
      errors: { url: '/api/errors' },
    });
    listeners.get('error')?.({ error: new Error('x') });
    expect(sent).toMatchObject([{ message: 'x', path: '/contacts/7' }]);
    expect(sent[0]?.route).toBe(told);
  });
});
