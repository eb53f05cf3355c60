import { describe, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { memoryStore } from '../../src/store/memory-store';
import { quotaStoreChecks } from '../../src/testing';

describe('with a clock that is moved', () => {
  test.each(quotaStoreChecks)('$name', ({ run }) =>
    run(() => {
      const clock = manualClock(Date.UTC(2026, 10, 26));
      return { store: memoryStore({ clock }), advance: clock.advance };
    }),
  );
});

describe('with the real clock', () => {
  test.each(quotaStoreChecks)('$name', ({ run }) => run(() => ({ store: memoryStore() })));
});

// So that no check fails for a store that is right, where a machine does something else meanwhile.
describe.each([7, 60])('where each call comes %d ms after the one before', (lagMs) => {
  test.each(quotaStoreChecks)('$name', ({ run }) =>
    run(() => {
      const clock = manualClock(Date.UTC(2026, 10, 26));
      const late = { ...clock, wallMs: () => clock.wallMs() + lagMs * calls++ };
      let calls = 0;
      return { store: memoryStore({ clock: late }), advance: clock.advance };
    }),
  );
});
