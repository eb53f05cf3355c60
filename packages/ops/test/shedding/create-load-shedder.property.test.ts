import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createLoadShedder } from '../../src';
import { lateClock } from './late-clock';

const anyStep = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const) }),
  fc.record({ kind: fc.constant('release' as const), which: fc.nat(50) }),
  fc.record({ kind: fc.constant('block' as const), ms: fc.nat(400) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(1_500) }),
);

/** Longer than a second on time, with the timer's own round and the one that is late. */
const anyIdleMs = fc.integer({ min: 1_010, max: 20_000 });

describe('createLoadShedder, whatever happens', () => {
  it('counts what is under way, keeps its limits, serves the first of a round when nobody is served, and holds nothing against a burst after a second on time', async () => {
    const runs = fc.asyncProperty(fc.array(anyStep, { maxLength: 120 }), anyIdleMs, async (steps, idleMs) => {
      const clock = lateClock();
      const shedder = createLoadShedder({ clock, maxInFlight: 20 });
      const open: (() => void)[] = [];
      const asked = { admitted: 0, refused: 0 };
      let isFirst = true;
      for (const step of steps) {
        if (step.kind === 'ask') {
          const admission = shedder.admit();
          if (open.length === 0 && isFirst) expect(admission.admitted).toBe(true);
          asked[admission.admitted ? 'admitted' : 'refused'] += 1;
          if (!admission.admitted) continue;
          isFirst = false;
          open.push(() => admission.release());
        }
        if (step.kind === 'release') {
          // Twice.
          open[step.which]?.();
          open.splice(step.which, 1)[0]?.();
        }
        if (step.kind === 'block') clock.block(step.ms);
        if (step.kind === 'wait') {
          await clock.advance(step.ms);
          if (step.ms >= 5) isFirst = true;
        }
        const status = shedder.status();
        expect(status).toMatchObject({ ...asked, inFlight: open.length });
        expect(status.limit).toBeGreaterThanOrEqual(1);
        expect(status.limit).toBeLessThanOrEqual(20);
        expect(open.length).toBeLessThanOrEqual(20);
      }
      for (const release of open) release();
      await clock.advance(idleMs);
      expect(Array.from(Array(20), () => shedder.admit().admitted)).not.toContain(false);
      shedder.close();
    });
    await fc.assert(runs, { numRuns: 60 });
  });
});
