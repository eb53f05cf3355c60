import type { Clock } from '@unite/core';
import { checkOptions, optionChecks, systemClock } from '@unite/shared';
import { TracingError } from '../errors';
import { serverTracingCheck } from '../request/server-tracing-check';
import type { RemoteSpans, Tracing } from '../types';
import { parseReport } from './parse-report';
import { browserResource, readableBrowserSpan } from './readable-browser-span';
import type { BrowserReport } from './report-types';

/** What takes the spans of browsers: the set-up that `startTracing` returned. */
export type BrowserSpansTarget = Pick<Tracing, 'service' | 'tracer' | 'propagation'> & RemoteSpans;

/** Options of `browserSpansHandler` and `browserSpansMiddleware`. */
export interface BrowserSpansOptions {
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/** A report that came in, as both adapters see it. */
export interface IncomingReport {
  readonly contentType: string | undefined;
  readonly contentLength: string | undefined;
  /** What somebody else has read, or how to read it. */
  readonly body: { readonly parsed: unknown } | { readonly chunks: () => AsyncIterable<Uint8Array> };
}

/** What is answered: nothing, or a problem document (RFC 9457). */
export interface ReportAnswer {
  readonly status: 204 | 400 | 413 | 415;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Longest report, in bytes. */
const maxBytes = 32_768;

/**
 * What both adapters share: takes a report to the traces it belongs to. Which of its spans were taken is not told:
 * that would tell anybody which traces there are.
 *
 * @throws TypeError for an option that is unknown, missing or malformed
 */
export function reportReceiver(
  owner: string,
  tracing: BrowserSpansTarget,
  options: BrowserSpansOptions,
): (incoming: IncomingReport) => Promise<ReportAnswer> {
  checkOptions(owner, { ...options, tracing }, { clock: optionChecks.object, tracing: serverTracingCheck }, [
    'tracing',
  ]);
  const { clock = systemClock } = options;
  const resource = browserResource(tracing.service.name);

  return async ({ contentType, contentLength, body }) => {
    if (!/^application\/json\s*(?:;|$)/i.test(contentType ?? '')) {
      return problem(415, 'Unsupported Media Type', 'A report is application/json');
    }
    if (Number(contentLength) > maxBytes) return tooLong();
    try {
      const value = 'parsed' in body ? parsedValue(body.parsed) : await readJson(body.chunks());
      if (value === overLimit) return tooLong();
      accept(parseReport(value));
      return { status: 204, headers: { 'Cache-Control': 'no-store' }, body: undefined };
    } catch (error) {
      const isReason = TracingError.isInstance(error);
      return problem(400, 'Bad Request', isReason ? error.message : 'The report is no JSON');
    }
  };

  function accept({ spans, dropped }: BrowserReport): void {
    const nowMs = clock.wallMs();
    const readable = spans.map((span) => readableBrowserSpan(span, resource, nowMs));
    if (readable[0] && dropped > 0) readable[0].attributes['unite.browser.dropped_spans'] = dropped;
    tracing.accept(readable);
  }
}

const overLimit = Symbol('over the limit');

async function readJson(chunks: AsyncIterable<Uint8Array>): Promise<unknown> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return overLimit;
    text += decoder.decode(chunk, { stream: true });
  }
  return JSON.parse(text + decoder.decode());
}

/** A parser of the application's may have left text or bytes. */
function parsedValue(parsed: unknown): unknown {
  const text = parsed instanceof Uint8Array ? new TextDecoder().decode(parsed) : parsed;
  return typeof text === 'string' ? JSON.parse(text) : text;
}

function tooLong(): ReportAnswer {
  return problem(413, 'Content Too Large', `A report has at most ${maxBytes} bytes`);
}

function problem(status: ReportAnswer['status'], title: string, detail: string): ReportAnswer {
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
    body: JSON.stringify({
      type: 'about:blank',
      title,
      status,
      detail,
      code: 'UNITE_TRACING_REPORT_INVALID',
    }),
  };
}
