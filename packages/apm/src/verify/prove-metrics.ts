import type { Finding, VerifyRun } from '@unite/core';
import { requestDurationMetric } from '../request-metrics';
import type { VerifyApmOptions } from './verify-types';

const subject = 'metrics';

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
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
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
