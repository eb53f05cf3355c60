import { OpsError } from '../errors';

/**
 * What a refused request is told. Without a stack: it would lead nowhere but here, and take five times as long, when
 * there is no time.
 */
export function overloadedError(retryAfterMs: number): OpsError {
  const limit = Error.stackTraceLimit;
  // Not by assignment, which throws where the intrinsics are frozen.
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    const message = 'There are more requests than this process can serve in time';
    return new OpsError('UNITE_OPS_OVERLOADED', message, { retryAfterMs });
  } finally {
    Reflect.set(Error, 'stackTraceLimit', limit);
  }
}
