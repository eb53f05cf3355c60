import fc from 'fast-check';
import type { Decision, LimitStatus } from '../../src/types';
import { atMs, decided } from './fake-quota';

const amount = fc.oneof(fc.nat(), fc.constant(Number.MAX_SAFE_INTEGER), fc.constant(0));
const limits: fc.Arbitrary<LimitStatus> = fc.record({
  name: fc.oneof(fc.string({ unit: 'binary' }), fc.string()),
  kind: fc.constantFrom('quota', 'rate', 'concurrency'),
  unit: fc.oneof(fc.constantFrom('apiCalls', 'costNanoUsd'), fc.string({ unit: 'binary' })),
  limit: fc.option(amount),
  remaining: fc.option(amount),
  resetAtMs: fc.option(fc.double({ min: atMs - 1e6, max: atMs * 1e9, noNaN: true })),
  state: fc.constantFrom('ok', 'warn', 'grace', 'overage', 'blocked'),
  windowMs: fc.option(fc.double({ min: 0.001, max: 1e21, noNaN: true })),
});
/** Any decision, whatever an engine makes of it. */
export const decisions: fc.Arbitrary<Decision> = fc
  .tuple(fc.array(limits, { maxLength: 8 }), fc.infiniteStream(fc.boolean()), fc.option(fc.nat()))
  .map(([all, refuses, retryAfterMs]) => {
    const violated = all.filter(() => refuses.next().value === true).map(({ name }) => name);
    return { ...decided, allowed: violated.length === 0, limits: all, violated, retryAfterMs };
  });
