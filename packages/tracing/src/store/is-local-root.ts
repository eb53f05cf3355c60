import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Whether a span is the first of its trace in its process. */
export function isLocalRoot({ parentSpanContext }: ReadableSpan): boolean {
  return parentSpanContext === undefined || parentSpanContext.isRemote === true;
}
