import type { Decision, LimitStatus } from '../types';

/** Milliseconds in whole seconds, rounded up so that nobody comes too early; never negative. */
export function wholeSeconds(ms: number): number {
  return Math.max(0, Math.ceil(ms / 1_000));
}

/**
 * `Retry-After` of a refusal (RFC 9110 §10.2.3), in seconds. It never lies before the reset of a limit that refuses
 * (draft-ietf-httpapi-ratelimit-headers-11 §6).
 *
 * @returns `undefined` where waiting does not help
 */
export function retryAfterSeconds(decision: Decision): number | undefined {
  if (decision.allowed || decision.retryAfterMs === null) return undefined;
  const resets = decision.limits
    .filter(({ name, kind }) => kind === 'quota' && decision.violated.includes(name))
    .map((limit) => untilReset(limit, decision));
  return Math.max(1, wholeSeconds(decision.retryAfterMs), ...resets);
}

/** In how many seconds a limit is whole again; `undefined` where no time says that. */
export function resetSeconds(limit: LimitStatus, decision: Decision): number | undefined {
  if (limit.resetAtMs === null) return undefined;
  const seconds = untilReset(limit, decision);
  const retrySeconds = decision.violated.includes(limit.name) ? retryAfterSeconds(decision) : undefined;
  // A rate comes back bit by bit: to a client that was refused, enough of it counts, not all.
  return Math.min(seconds, retrySeconds ?? seconds);
}

function untilReset({ resetAtMs }: LimitStatus, { atMs }: Decision): number {
  return wholeSeconds((resetAtMs ?? atMs) - atMs);
}
