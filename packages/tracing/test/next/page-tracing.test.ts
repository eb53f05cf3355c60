import { beforeEach, describe, expect, test } from '@jest/globals';
import { currentContext } from '@unite/core/context';
import { pageContext } from '@unite/core/next';
import { pageTracing } from '../../src/next';
import { mark, type TracedProcess, tracedProcess } from '../support/traced-process';

let process: TracedProcess;
beforeEach(() => {
  process = tracedProcess();
});

const page = () =>
  pageTracing({
    page: pageContext({
      headers: async () => new Headers({ 'x-request-id': 'request-1' }),
      identify: () => ({ tenantId: 'acme', plan: 'pro' }),
    }),
  });

describe('pageTracing', () => {
  test("says on Next.js' span whose request it was, and in the context which trace", async () => {
    const seen = await process.inServerSpan('GET /contacts', async (span) => {
      const traceId = await page()(() => {
        mark(process, 'read');
        return currentContext()?.traceId;
      });
      span.end();
      return traceId;
    });
    const span = process.span('GET /contacts');
    expect(span.attributes).toEqual({
      'unite.request_id': 'request-1',
      'unite.tenant_id': 'acme',
      'unite.plan': 'pro',
    });
    expect(seen).toBe(span.spanContext().traceId);
    expect(process.span('read').parentSpanContext?.spanId).toBe(span.spanContext().spanId);
  });

  test('just runs the work where nothing is traced, and when the span has ended', async () => {
    expect(await page()(() => currentContext()?.tenantId)).toBe('acme');
    await process.inServerSpan('GET /late', async (span) => {
      span.end();
      expect(await page()(() => currentContext()?.traceId)).toBeUndefined();
    });
  });

  test('refuses what is no page', () => {
    expect(() => pageTracing({ page: 'contacts' as never })).toThrow(/option "page" must be a function/);
  });
});
