import type { Exception } from '@opentelemetry/api';
import { describeThrown } from '../attributes/describe-thrown';

/** What was thrown, for `recordException`, which would take its code for its type. Never throws. */
export function exceptionOf(thrown: unknown): Exception {
  const { code: _, ...exception } = describeThrown(thrown);
  return exception;
}
