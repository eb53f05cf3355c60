import type { Span } from '@opentelemetry/api';
import { describeThrown, type Thrown } from '@unite/shared/redaction';

/**
 * Records what was thrown as an exception of the span, typed by its class. The SDK would take the code for the type, so
 * that is the attribute `unite.error.code`.
 *
 * @returns what it recorded
 */
export function recordThrown(span: Span, thrown: unknown): Thrown {
  const described = describeThrown(thrown);
  const { code, ...exception } = described;
  span.recordException(exception);
  if (code !== undefined) span.setAttribute('unite.error.code', code);
  return described;
}
