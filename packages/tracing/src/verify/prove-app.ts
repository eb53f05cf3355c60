import type { Finding, VerifyRun } from '@unite/core';
import { awaitTrace } from './await-trace';
import type { VerifyTracingOptions } from './verify-types';

const subject = 'application';

/** Makes one request, and looks for its trace. */
export async function proveApp(
  { url, headers, readBack, minSpans = 2 }: NonNullable<VerifyTracingOptions['app']>,
  { nonce, signal, note }: VerifyRun,
): Promise<Finding[]> {
  note(`${url} is asked`);
  let response: Response;
  try {
    response = await fetch(url, { headers: { 'x-request-id': nonce, ...headers }, signal });
    await response.body?.cancel();
  } catch (error) {
    // What fetch throws says nothing by itself.
    const { cause, message } = error as Error & { cause?: Error };
    const detail = `the application does not answer: ${cause?.message || message}`;
    return [{ subject, status: 'failed', detail, remedy: 'Start the application, or correct the URL' }];
  }
  // W3C Trace Context level 3, §traceresponse: version, trace id, span id, flags.
  const traceId = /^00-([0-9a-f]{32})-/.exec(response.headers.get('traceresponse') ?? '')?.[1];
  if (traceId === undefined) {
    return [
      {
        subject,
        status: 'failed',
        detail: `the answer (status ${response.status}) has no traceresponse header: the route is not traced`,
        remedy:
          'Put withTracing(tracing) around the route (Next.js), or app.use(tracingMiddleware(tracing)) before it (Express)',
      },
    ];
  }
  if (!readBack) {
    const detail = `the request has trace ${traceId}; whether it arrived was not looked at`;
    return [{ subject, status: 'warned', detail, remedy: 'Give verifyTracing a readBack' }];
  }
  return [await awaitTrace({ subject, traceId, readBack, minSpans, signal, note })];
}
