import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Breaker } from '../../src/node/breaker';

function fail(breaker: Breaker, times: number, nowMs: number): void {
  for (let i = 0; i < times; i++) breaker.failure(nowMs);
}

it('opens after three failures in a row, and not after three with a success between', () => {
  const breaker = new Breaker();
  fail(breaker, 2, 0);
  breaker.success();
  fail(breaker, 2, 0);
  expect(breaker.state(0)).toBe('closed');
  expect(breaker.allows(1_000, 0)).toBe(true);
  breaker.failure(0);
  expect(breaker.state(0)).toBe('open');
  expect(breaker.allows(0, 0)).toBe(false);
});

it('lets one query through after the pause, then twice as many with every success', () => {
  const breaker = new Breaker();
  fail(breaker, 3, 1_000);
  expect(breaker.allows(0, 1_499)).toBe(false);
  expect(breaker.state(1_499)).toBe('open');
  const limits: number[] = [];
  while (breaker.state(1_500) === 'half-open') {
    let inFlight = 0;
    while (breaker.allows(inFlight, 1_500)) inFlight += 1;
    limits.push(inFlight);
    breaker.success();
  }
  expect(limits).toEqual([1, 2, 4, 8, 16]);
  expect(breaker.state(1_500)).toBe('closed');
});

it('opens again at the first failure of a node that is coming back, for longer each time', () => {
  const breaker = new Breaker();
  let nowMs = 0;
  fail(breaker, 3, nowMs);
  const pauses: number[] = [];
  for (let i = 0; i < 7; i++) {
    const openedAtMs = nowMs;
    while (breaker.state(nowMs) === 'open') nowMs += 100;
    pauses.push(nowMs - openedAtMs);
    breaker.failure(nowMs);
  }
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

it('begins with the short pause again once the node has recovered', () => {
  const breaker = new Breaker();
  fail(breaker, 3, 0);
  breaker.failure(500);
  for (let i = 0; i < 5; i++) breaker.success();
  expect(breaker.state(1_500)).toBe('closed');
  fail(breaker, 3, 2_000);
  expect(breaker.state(2_499)).toBe('open');
  expect(breaker.state(2_500)).toBe('half-open');
});

it('takes the failures of all that was in flight for one', () => {
  const breaker = new Breaker();
  fail(breaker, 20, 1_000);
  expect(breaker.state(1_499)).toBe('open');
  expect(breaker.state(1_500)).toBe('half-open');
});

it('starts a node that was away with one query', () => {
  const breaker = new Breaker();
  fail(breaker, 3, 0);
  breaker.startSlowly();
  expect(breaker.state(0)).toBe('half-open');
  expect([breaker.allows(0, 0), breaker.allows(1, 0)]).toEqual([true, false]);
});

it('never stays shut: whatever happens, a query is let through within ten seconds', () => {
  const step = fc.record({ what: fc.constantFrom('failure', 'success', 'slowly'), afterMs: fc.nat(3_000) });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const breaker = new Breaker();
      let nowMs = 0;
      for (const { what, afterMs } of steps) {
        nowMs += afterMs;
        if (what === 'failure') breaker.failure(nowMs);
        else if (what === 'success') breaker.success();
        else breaker.startSlowly();
        expect(breaker.allows(0, nowMs)).toBe(breaker.state(nowMs) !== 'open');
      }
      expect(breaker.allows(0, nowMs + 10_000)).toBe(true);
    }),
  );
});
