/** Hexadecimal digits of 7 bytes. */
const digits = 14;

/**
 * Says whether a trace belongs to the share that is kept. Every service with the same ratio says the same.
 *
 * The last 7 bytes of a trace id are random (W3C Trace Context Level 2, "Random trace-id Flag"). A trace is kept when
 * they are not below the rejection threshold (OpenTelemetry, "TraceState: Probability Sampling", R ≥ T).
 *
 * @param ratio share to keep, 0–1
 */
export function withinRatio(ratio: number): (traceId: string) => boolean {
  const rejected = BigInt(Math.round((1 - ratio) * 2 ** (digits * 4)));
  const threshold = rejected.toString(16).padStart(digits, '0');
  // Fixed-width lower-case hexadecimal numbers are ordered as texts are. A threshold of 2^56 has a digit more: nothing.
  return (traceId) => threshold.length === digits && traceId.slice(-digits) >= threshold;
}
