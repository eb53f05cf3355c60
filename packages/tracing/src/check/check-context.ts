import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { SetUpFinding } from './check-types';

const code = 'UNITE_TRACING_NO_CONTEXT';
const subject = 'context';

/** Any valid ids will do. */
const probe = trace.wrapSpanContext({
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: 0,
});

/** Whether what runs inside a span knows of it. Without, every span is a trace of its own. */
export function checkContext(): SetUpFinding {
  const seen = context.with(trace.setSpan(ROOT_CONTEXT, probe), () => trace.getActiveSpan());
  return seen === probe
    ? { code, subject, status: 'passed', detail: 'what runs inside a span sees it' }
    : {
        code,
        subject,
        status: 'failed',
        detail: 'no context manager is registered: spans do not know their parents',
        remedy:
          'Let startTracing run before the library that registered the provider, or register an AsyncLocalStorageContextManager with it',
      };
}
