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
  const name = providerName();
  if (name === 'NoopTracerProvider') {
    return {
      code: 'UNITE_TRACING_REFUSED',
      subject,
      status: 'failed',
      detail: 'another version of @opentelemetry/api came first, and keeps every other one from registering',
      remedy: 'Keep one version of @opentelemetry/api: set "overrides" in package.json, and install again',
    };
  }
  const isSentry = name.startsWith('Sentry');
  return {
    code,
    subject,
    status: 'warned',
    detail: `${isSentry ? "Sentry's" : 'another'} provider (${name}) was registered first: the sampling and the exporters of startTracing are not used`,
    remedy: isSentry
      ? 'Give Sentry.init enableOpenTelemetrySetup: false, which @sentry/nextjs sets to true, and no tracesSampleRate'
      : 'Call startTracing before the other library, or leave the set-up of OpenTelemetry to one of them',
  };
}

function providerName(): string {
  const provider = trace.getTracerProvider() as { getDelegate?: () => object };
  return (provider.getDelegate?.() ?? provider).constructor.name;
}
