import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WakeQueue } from '../../src/load/wake-queue';

test('wakes in the order of time, and nobody early', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat({ max: 50 }), fc.constant('pop' as const))),
      fc.nat({ max: 50 }),
      (steps, nowMs) => {
        const queue = new WakeQueue();
        const model: number[] = [];
        for (const step of steps) {
          if (step === 'pop') {
            const isDue = (model[0] ?? Infinity) <= nowMs;
            expect(queue.popBy(nowMs)?.wakeAtMs).toBe(isDue ? model.shift() : undefined);
          } else {
            queue.push({ wakeAtMs: step });
            model.push(step);
            model.sort((one, other) => one - other);
          }
          expect(queue.nextAtMs).toBe(model[0] ?? Infinity);
        }
      },
    ),
    { numRuns: 500 },
  );
});
