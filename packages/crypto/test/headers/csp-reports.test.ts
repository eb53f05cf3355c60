import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { type CspReport, cspReports } from '../../src/headers';

const send = (body: unknown) =>
  new Request('https://crm.example.com/csp', {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const oldReport = {
  'csp-report': {
    'document-uri': 'https://crm.example.com/contacts?token=secret',
    'violated-directive': 'script-src-elem',
    'blocked-uri': 'inline',
    disposition: 'enforce',
    'script-sample': 'secret',
  },
};
const newReport = {
  type: 'csp-violation',
  url: 'https://crm.example.com/contacts#secret',
  body: {
    documentURL: 'https://crm.example.com/contacts#secret',
    effectiveDirective: 'img-src',
    blockedURL: 'https://evil.example/x.png?secret',
    disposition: 'report',
  },
};

describe('cspReports', () => {
  afterEach(() => void jest.restoreAllMocks());

  test('takes both formats, without what may be private', async () => {
    const reports: CspReport[] = [];
    const handler = cspReports({ onReport: (report) => reports.push(report) });
    expect((await handler(send(oldReport))).status).toBe(204);
    expect((await handler(send([newReport, { type: 'deprecation', body: {} }, null]))).status).toBe(204);
    expect(reports).toEqual([
      {
        directive: 'script-src-elem',
        documentUrl: 'https://crm.example.com/contacts',
        blockedUrl: 'inline',
        disposition: 'enforce',
      },
      {
        directive: 'img-src',
        documentUrl: 'https://crm.example.com/contacts',
        blockedUrl: 'https://evil.example/x.png',
        disposition: 'report',
      },
    ]);
    expect(JSON.stringify(reports)).not.toContain('secret');
    expect(handler.status()).toEqual({ taken: 2, dropped: 0 });
  });

  test('fields of other types and long or foreign characters do no harm', async () => {
    const reports: CspReport[] = [];
    const handler = cspReports({ onReport: (report) => reports.push(report) });
    const body = { effectiveDirective: 7, blockedURL: `x${'y'.repeat(1_000)}`, documentURL: 'a\r\nb\u0000' };
    await handler(send([{ type: 'csp-violation', body }, { type: 'csp-violation' }]));
    expect(reports[0]).toEqual({
      directive: '',
      documentUrl: 'ab',
      blockedUrl: `x${'y'.repeat(511)}`,
      disposition: 'enforce',
    });
    expect(reports[1]).toMatchObject({ directive: '', documentUrl: '' });
  });

  test.each([['not json'], [''], [{}], [{ 'csp-report': 7 }], ['7'], ['null'], [' '.repeat(70_000)]])(
    'refuses what is no report (%#)',
    async (body) => {
      const onReport = jest.fn<(report: CspReport) => void>();
      const handler = cspReports({ onReport });
      expect((await handler(send(body))).status).toBe(400);
      expect(handler.status()).toEqual({ taken: 0, dropped: 1 });
      expect(onReport).not.toHaveBeenCalled();
    },
  );

  test('a body that breaks off, or is none, is refused', async () => {
    const handler = cspReports({ onReport: () => {} });
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
    const broken = new Request('https://x.example', { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect((await handler(broken)).status).toBe(400);
    expect((await handler(new Request('https://x.example', { method: 'POST' }))).status).toBe(400);
  });

  test('a body that never ends is refused, and let go', async () => {
    const ending = new AbortController();
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(ending.signal);
    const cancel = jest.fn<() => void>();
    const body = new ReadableStream({ start: (stream) => stream.enqueue(Buffer.from('[')), cancel });
    const endless = new Request('https://x.example', { method: 'POST', body, duplex: 'half' } as RequestInit);
    const handler = cspReports({ onReport: () => {} });
    const answered = handler(endless);
    ending.abort();
    expect((await answered).status).toBe(400);
    expect(timeout).toHaveBeenCalledWith(5_000);
    expect(cancel).toHaveBeenCalled();
    expect(handler.status()).toEqual({ taken: 0, dropped: 1 });
  });

  test.each([
    ['https://ada:secret@crm.example.com:8443/a?secret#secret', 'https://crm.example.com:8443/a'],
    ['https://user@crm.example.com/a', 'https://crm.example.com/a'],
    [`https://${'secret'.repeat(200)}@crm.example.com/a`, 'https://crm.example.com/a'],
    ['https:\\\\ada:secret@crm.example.com\\a', 'https://crm.example.com/a'],
    ['data:text/html,secret', 'data:'],
    ['blob:https://crm.example.com/secret', 'blob:'],
    ['https://ada:secret@', 'https'],
    ['//ada:secret@crm.example.com/a', ''],
    ['trusted-types-sink', 'trusted-types-sink'],
  ])('of %s no more than where it is', async (url, place) => {
    const reports: CspReport[] = [];
    const handler = cspReports({ onReport: (report) => reports.push(report) });
    const body = { ...newReport.body, blockedURL: url, documentURL: url };
    await handler(send([{ ...newReport, body }]));
    expect(reports).toMatchObject([{ blockedUrl: place, documentUrl: place }]);
  });

  test('takes so many in a minute, and counts the rest', async () => {
    const clock = manualClock();
    const handler = cspReports({ onReport: () => {}, maxPerMinute: 3, clock });
    expect((await handler(send([newReport, newReport]))).status).toBe(204);
    expect((await handler(send([newReport, newReport]))).status).toBe(429);
    expect((await handler(send(oldReport))).status).toBe(429);
    expect(handler.status()).toEqual({ taken: 3, dropped: 2 });
    await clock.advance(60_000);
    expect((await handler(send(oldReport))).status).toBe(204);
  });

  test('outlives what its listener throws', async () => {
    const onReport = () => {
      throw new Error('no log');
    };
    const handler = cspReports({ onReport });
    expect((await handler(send(oldReport))).status).toBe(204);
    expect(handler.status()).toEqual({ taken: 1, dropped: 1 });
  });

  test('outlives a promise of its listener that is rejected, and waits for none', async () => {
    const handler = cspReports({ onReport: async () => Promise.reject(new Error('no log')) });
    expect((await handler(send(oldReport))).status).toBe(204);
    // A rejection that nobody handles would have ended the process by then.
    await new Promise((resolve) => setImmediate(resolve));
    expect(handler.status()).toEqual({ taken: 1, dropped: 1 });
    const slow = cspReports({ onReport: () => new Promise<void>(() => {}) });
    expect((await slow(send(oldReport))).status).toBe(204);
  });

  test('names options that are wrong', () => {
    expect(() => cspReports({} as never)).toThrow('"onReport" must be a function');
    expect(() => cspReports({ onReport: () => {}, maxPerMinute: 0 })).toThrow('"maxPerMinute" must be');
  });
});
