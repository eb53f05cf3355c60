import type { Finding, VerifyRun } from '@unite/core';
import { requestDurationMetric } from '../request-metrics';
import type { VerifyApmOptions } from './verify-types';

const subject = 'metrics';

/** A line of a scrape, in either format: a name, labels, a number. */
const sample = /^[a-zA-Z_:][\w:]*(\{.*\})?[ \t]+([+-]?(Inf|\d)|NaN|[+-]?\.\d)/;

/** Reads the metrics as a Prometheus would. */
export async function proveMetrics(
  { url, headers = {} }: NonNullable<VerifyApmOptions['metrics']>,
  { signal, note }: VerifyRun,
): Promise<Finding> {
  note('the metrics are read');
  const startedAtMs = performance.now();
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { headers, signal });
    text = await response.text();
  } catch (error) {
    const { cause } = error as Error;
    return failed(`cannot be read: ${String(cause ?? error)}`, 'Start the application, or correct the URL');
  }
  if (!response.ok) {
    return failed(
      `answered ${response.status}`,
      'Correct the path, or give verifyApm the headers that it asks for',
    );
  }
  const type = response.headers.get('content-type') ?? 'no type';
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const series = lines.filter((line) => sample.test(line)).length;
  if (type.startsWith('text/html') || (series === 0 && lines.length > 0)) {
    return failed(`answers something else than metrics (${type})`, 'Correct the path');
  }
  if (series === 0) return failed('has no metrics', 'Give startApm the sink whose metrics are served there');
  const measured = { series, bytes: text.length, readAfterMs: Math.round(performance.now() - startedAtMs) };
  if (!text.includes(`${requestDurationMetric}_bucket`)) {
    return {
      subject,
      status: 'warned',
      detail: `${series} series, and none of requests`,
      remedy: 'Put withApm or apmMiddleware around the routes; a process that was asked nothing has none yet',
      measured,
    };
  }
  return { subject, status: 'passed', detail: `${series} series, requests among them`, measured };
}

function failed(detail: string, remedy: string): Finding {
  return { subject, status: 'failed', detail, remedy };
}
