import { backgroundClock, maxTimerMs } from '@unite/shared';
import type { OtlpAnswer } from './otlp-request';

/** Before each further attempt. */
const backoffsMs = [1_000, 1_500, 2_250, 3_375, 5_000];
/** So that processes which were refused together do not come back together. */
const jitter = 0.2;

/** OpenTelemetry Protocol, "Failures" of OTLP/HTTP. */
const retryableStatuses = new Set([429, 502, 503, 504]);
const retryableCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);

/**
 * Sends until the receiver takes it, refuses it for good, or the time is up: that of all attempts, with their answers.
 *
 * @param ending ends everything under way; its reason is told where nothing failed before
 * @throws why it was not taken: the last failure, rather than that the time was up
 */
export async function sendWithRetries(
  send: (signal: AbortSignal) => Promise<OtlpAnswer>,
  timeoutMs: number,
  ending: AbortController,
): Promise<OtlpAnswer> {
  const { signal } = ending;
  const endsAtMs = performance.now() + timeoutMs;
  const timer = setTimeout(
    () => ending.abort(new Error(`the receiver did not answer within ${timeoutMs} ms`)),
    Math.min(timeoutMs, maxTimerMs),
  ).unref();
  let cause: unknown;
  try {
    for (const backoffMs of [...backoffsMs, Number.POSITIVE_INFINITY]) {
      const { answer, error, waitMs = withJitter(backoffMs) } = await attempt(send, signal);
      if (answer) return answer;
      if (signal.aborted) break;
      cause = error;
      if (waitMs > endsAtMs - performance.now()) break;
      await backgroundClock.sleep(waitMs, signal);
    }
  } catch {
    // Ended while it waited for the next attempt.
  } finally {
    clearTimeout(timer);
  }
  throw cause ?? signal.reason;
}

interface Attempt {
  readonly answer?: OtlpAnswer;
  readonly error?: unknown;
  /** Where it is not the usual time; without end for what fails again. */
  readonly waitMs?: number | undefined;
}

async function attempt(
  send: (signal: AbortSignal) => Promise<OtlpAnswer>,
  signal: AbortSignal,
): Promise<Attempt> {
  try {
    const answer = await send(signal);
    const { status, retryAfter } = answer;
    if (status >= 200 && status < 300) return { answer };
    // What the receiver writes beside the status may repeat what it was sent.
    const error = new Error(`the receiver answered ${status}`);
    return {
      error,
      waitMs: retryableStatuses.has(status) ? retryAfterMs(retryAfter) : Number.POSITIVE_INFINITY,
    };
  } catch (error) {
    return { error, ...(retryableCodes.has(codeOf(error)) ? {} : { waitMs: Number.POSITIVE_INFINITY }) };
  }
}

function codeOf(error: unknown): string {
  return String(Object(error).code);
}

/** RFC 9110 §10.2.3. */
function retryAfterMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function withJitter(ms: number): number {
  return ms * (1 + (Math.random() * 2 - 1) * jitter);
}
