import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LoadBook } from '../../src/load/load-book';
import { planLoad } from '../../src/load/load-plan';
import { Random, seedOf } from '../../src/load/random';
import { StallLog } from '../../src/load/stall-log';
import { UserSchedule } from '../../src/load/user-schedule';
import { VirtualUser } from '../../src/load/virtual-user';

interface Scenario {
  readonly users: number;
  readonly thinkMs: readonly [number, number];
  readonly serviceMs: number;
  readonly freezeAtMs: number;
  readonly freezeMs: number;
  readonly seed: number;
}

const durationMs = 20_000;
const timeoutMs = 8_000;

const scenarios = fc.record({
  users: fc.integer({ min: 1, max: 20 }),
  thinkMs: fc
    .tuple(fc.integer({ min: 50, max: 2_000 }), fc.integer({ min: 0, max: 2_000 }))
    .map(([least, more]) => [least, least + more] as const),
  serviceMs: fc.integer({ min: 1, max: 400 }),
  freezeAtMs: fc.integer({ min: 1_000, max: 15_000 }),
  freezeMs: fc.integer({ min: 0, max: 4_000 }),
  seed: fc.nat(),
});

test('times are from when requests were due, as worked out by hand for a server that freezes', () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const simulated = simulate(scenario);
      const expected = latenciesByHand(scenario).sort((one, other) => one - other);
      expect(simulated.total.requests).toBe(expected.length);
      if (expected.length === 0) return;
      const { latency } = simulated.total;
      const mean = expected.reduce((sum, value) => sum + value, 0) / expected.length;
      expect(Math.abs(latency.meanMs / mean - 1)).toBeLessThan(0.002);
      for (const [percentile, measured] of [
        [50, latency.p50Ms],
        [95, latency.p95Ms],
        [99, latency.p99Ms],
      ] as const) {
        // Of few values a percentile is one or its neighbour, by how it is defined.
        const rank = Math.floor((percentile / 100) * expected.length);
        expect(measured).toBeGreaterThanOrEqual((expected[Math.max(0, rank - 1)] ?? NaN) * 0.998);
        expect(measured).toBeLessThanOrEqual((expected[Math.min(expected.length - 1, rank)] ?? NaN) * 1.002);
      }
      expect(Math.abs(latency.maxMs / (expected.at(-1) ?? NaN) - 1)).toBeLessThan(0.002);
    }),
    { numRuns: 200 },
  );
});

test('a user without think time counts from when it sent', () => {
  const scenario = {
    users: 3,
    thinkMs: [0, 0],
    serviceMs: 100,
    freezeAtMs: 5_000,
    freezeMs: 1_000,
    seed: 1,
  } as const;
  const { total } = simulate(scenario);
  // One that saw the freeze and 190 that did not, for each user: nobody asked during it.
  expect(total.latency.p99Ms).toBeCloseTo(100, 0);
  expect(total.latency.maxMs).toBeGreaterThan(1_000);
});

/** What users would see: a request is sent when it is due, or when the one before has ended. */
function latenciesByHand(scenario: Scenario): number[] {
  return usersOf(scenario).flatMap(({ schedule }) => {
    const latencies: number[] = [];
    let endedAtMs = answerAtMs(scenario, schedule.dueAtMs);
    schedule.next(endedAtMs);
    while (schedule.dueAtMs < durationMs) {
      // A user so far behind gives up without sending.
      const isLost = endedAtMs - schedule.dueAtMs > timeoutMs;
      if (!isLost) endedAtMs = answerAtMs(scenario, Math.max(schedule.dueAtMs, endedAtMs));
      latencies.push(endedAtMs - schedule.dueAtMs);
      schedule.next(endedAtMs);
    }
    return latencies;
  });
}

/** The server works on everything at once, and not at all while it is frozen. */
function answerAtMs({ serviceMs, freezeAtMs, freezeMs }: Scenario, sentAtMs: number): number {
  const thawAtMs = freezeAtMs + freezeMs;
  if (sentAtMs >= thawAtMs) return sentAtMs + serviceMs;
  if (sentAtMs >= freezeAtMs) return thawAtMs + serviceMs;
  return sentAtMs + serviceMs <= freezeAtMs ? sentAtMs + serviceMs : sentAtMs + serviceMs + freezeMs;
}

function usersOf({ users, thinkMs, seed }: Scenario) {
  return Array.from({ length: users }, (_, at) => ({
    schedule: new UserSchedule(0, thinkMs, new Random(seedOf(seed, at))),
    choices: new Random(at),
  }));
}

/** The same, by the code that users run, with time that is only counted. */
function simulate(scenario: Scenario): LoadBook {
  const plan = planLoad({
    target: 'http://localhost',
    durationMs,
    timeoutMs,
    thinkMs: scenario.thinkMs,
    users: scenario.users,
  });
  const book = new LoadBook(plan, new StallLog(0, durationMs, () => 0));
  const events: { atMs: number; run: () => void }[] = [];
  let nowMs = 0;
  const host = {
    startAtMs: 0,
    endAtMs: durationMs,
    timeoutMs,
    requests: plan.requests,
    book,
    nowMs: () => nowMs,
    connect: (listener: { onAnswer(status: number, bytes: number): void }) => ({
      send: () =>
        void events.push({ atMs: answerAtMs(scenario, nowMs), run: () => listener.onAnswer(200, 0) }),
      isSpent: false,
      close: () => {},
    }),
    onFree: (user: VirtualUser) => {
      if (user.isDone) return;
      if (user.wakeAtMs <= nowMs) user.wake();
      else events.push({ atMs: user.wakeAtMs, run: () => user.wake() });
    },
    onDelay: () => {},
  };
  for (const [at, { schedule, choices }] of usersOf(scenario).entries()) {
    host.onFree(new VirtualUser(host, at + 1, schedule, choices));
  }
  while (events.length > 0) {
    events.sort((one, other) => one.atMs - other.atMs);
    const event = events.shift();
    nowMs = event?.atMs ?? nowMs;
    event?.run();
  }
  return book;
}
