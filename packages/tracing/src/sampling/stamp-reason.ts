import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { KeepReason } from './sampling-types';

/**
 * Writes on a local root why its trace was kept. Past the span's own setter, which refuses a span that has ended, and
 * one that has as many attributes as it may.
 */
export function stampReason(root: ReadableSpan, reason: KeepReason): void {
  try {
    root.attributes['unite.sampling.reason'] = reason;
  } catch {
    // A span of another library may be frozen; it is kept as it is.
  }
}
