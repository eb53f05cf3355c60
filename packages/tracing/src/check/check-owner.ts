import { trace } from '@opentelemetry/api';
import type { Tracing } from '../types';
import type { SetUpFinding } from './check-types';

const code = 'UNITE_TRACING_JOINED';
const subject = 'provider';

/** Whose provider makes the spans. */
export function checkOwner(owner: Tracing['owner']): SetUpFinding {
  if (owner === 'unite') {
    return { code, subject, status: 'passed', detail: 'the provider of spans is the one of startTracing' };
  }
  const isSentry = '__SENTRY__' in globalThis;
  return {
    code,
    subject,
    status: 'warned',
    detail: `${isSentry ? "Sentry's" : 'another'} provider (${providerName()}) was registered first: the sampling and the exporters of startTracing are not used`,
    remedy: isSentry
      ? 'Call startTracing before Sentry.init, and give Sentry.init skipOpenTelemetrySetup: true (in @sentry/nextjs enableOpenTelemetrySetup: false)'
      : 'Call startTracing before the other library, or leave the set-up of OpenTelemetry to one of them',
  };
}

function providerName(): string {
  const provider = trace.getTracerProvider() as { getDelegate?: () => object };
  return (provider.getDelegate?.() ?? provider).constructor.name;
}
