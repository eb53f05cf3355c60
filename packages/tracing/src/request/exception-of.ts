import type { Exception } from '@opentelemetry/api';
import { describeValue } from '@unite/shared';

/** What was thrown, for `recordException`: anything can be thrown, and not everything can be made a string. */
export function exceptionOf(thrown: unknown): Exception {
  return thrown instanceof Error ? thrown : `thrown: ${describeValue(thrown)}`;
}
