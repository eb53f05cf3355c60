import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from '@jest/globals';
import { createLoadShedder, type LoadShedder, OpsError, type ShedderOptions } from '../../src';
import { type LateClock, lateClock } from './late-clock';

/** `maxDelayMs` is 100 everywhere: half is 50, a tenth 10. Warm from the beginning. */
function open(options: ShedderOptions = {}): { clock: LateClock; shedder: LoadShedder } {
  const clock = lateClock();
  return { clock, shedder: createLoadShedder({ clock, warmUpMs: 0, ...options }) };
}

/** How many of so many are admitted; they stay under way. */
function admitted(shedder: LoadShedder, count: number): (() => void)[] {
  const releases: (() => void)[] = [];
  for (const _ of Array(count)) {
    const admission = shedder.admit();
    if (admission.admitted) releases.push(() => admission.release());
  }
  return releases;
}

function serve(shedder: LoadShedder): boolean {
  const [release] = admitted(shedder, 1);
  release?.();
  return release !== undefined;
}

function refusal(shedder: LoadShedder): OpsError {
  const admission = shedder.admit();
  if (admission.admitted) throw new Error('it was admitted');
  return admission.error;
}

describe('createLoadShedder', () => {
  it('admits, and counts what is under way', () => {
    const { shedder } = open();
    const releases = admitted(shedder, 3);
    expect(shedder.status()).toEqual({ delayMs: 0, inFlight: 3, limit: 10_000, admitted: 3, refused: 0 });
    releases[0]?.();
    expect(shedder.status().inFlight).toBe(2);
  });

  it('releases once, however often it is told', () => {
    const { shedder } = open();
    const [first] = admitted(shedder, 2);
    first?.();
    first?.();
    first?.();
    expect(shedder.status().inFlight).toBe(1);
  });

  it('refuses what is more than maxInFlight, and admits again when one has ended', () => {
    const { shedder } = open({ maxInFlight: 2 });
    const [first] = admitted(shedder, 2);
    expect(serve(shedder)).toBe(false);
    first?.();
    expect(serve(shedder)).toBe(true);
    expect(shedder.status()).toMatchObject({ admitted: 3, refused: 1 });
  });

  it.each([
    [{ maxDelayMs: 0 }, 'option "maxDelayMs" must be a positive number, got 0'],
    [{ maxInFlight: 0.5 }, 'option "maxInFlight" must be a whole number from 1, got 0.5'],
    [{ retryAfterMs: -1 }, 'option "retryAfterMs" must be a positive number, got -1'],
    [{ maxDelay: 1 }, 'unknown option "maxDelay"'],
  ])('says which option is wrong: %j', (options, message) => {
    expect(() => createLoadShedder(options as ShedderOptions)).toThrow(message);
  });
});

describe('what a refused client is told', () => {
  it.each([
    [0, 1_000],
    [0.5, 2_000],
    [0.999, 2_998],
  ])('comes back at its own time: random %d, %d ms', (random, retryAfterMs) => {
    const { shedder } = open({ maxInFlight: 1, random: () => random });
    admitted(shedder, 1);
    const error = refusal(shedder);
    expect(error).toMatchObject({ code: 'UNITE_OPS_OVERLOADED', retryAfterMs });
    expect(OpsError.isInstance(error)).toBe(true);
  });

  it('has no stack, and leaves stacks of others as they were', () => {
    const { shedder } = open({ maxInFlight: 1 });
    admitted(shedder, 1);
    Error.stackTraceLimit = 7;
    expect(refusal(shedder).stack).not.toContain('\n');
    expect(Error.stackTraceLimit).toBe(7);
    Error.stackTraceLimit = 10;
  });

  it('is told on the channel, with the reason', () => {
    const heard: unknown[] = [];
    const hear = (message: unknown): number => heard.push(message);
    subscribe('unite:ops:shed', hear);
    const { clock, shedder } = open({ maxInFlight: 2 });
    serve(shedder);
    clock.block(200);
    refusal(shedder);
    admitted(createLoadShedder({ clock, maxInFlight: 1 }), 2);
    unsubscribe('unite:ops:shed', hear);
    refusal(shedder);
    expect(heard).toEqual([{ reason: 'delay' }, { reason: 'in-flight' }]);
  });
});

describe('a late round of the event loop', () => {
  it('takes no more once it is late by maxDelayMs', () => {
    const { clock, shedder } = open();
    serve(shedder);
    clock.block(105); // 5 of them are the timer's own
    expect(serve(shedder)).toBe(true);
    clock.block(1);
    expect(shedder.status().delayMs).toBe(101);
    expect(serve(shedder)).toBe(false);
  });

  it('leaves half of the time to the next', async () => {
    const { clock, shedder } = open();
    serve(shedder);
    clock.block(100);
    await clock.endRound();
    serve(shedder);
    clock.block(55);
    expect(serve(shedder)).toBe(true);
    clock.block(1);
    expect(serve(shedder)).toBe(false);
  });

  it('is over with it: all the time again after one on time', async () => {
    const { clock, shedder } = open();
    serve(shedder);
    clock.block(100);
    await clock.endRound();
    await clock.endRound();
    serve(shedder);
    clock.block(105);
    expect(serve(shedder)).toBe(true);
  });

  it('serves one request however late it is, so that nobody waits for ever', async () => {
    const { clock, shedder } = open();
    serve(shedder);
    for (const _ of Array(20)) {
      await clock.endRound();
      clock.block(10_000);
      expect(serve(shedder)).toBe(true);
      expect(serve(shedder)).toBe(false);
    }
  });
});

describe('a process that stood still', () => {
  it('refuses what has piled up, and serves from the next round on', async () => {
    const { clock, shedder } = open();
    admitted(shedder, 1);
    clock.block(1_000);
    expect(serve(shedder)).toBe(false);
    await clock.endRound();
    expect(admitted(shedder, 2)).toHaveLength(2);
    await clock.endRound();
    clock.block(50);
    expect(admitted(shedder, 4)).toHaveLength(4);
  });

  it('has lost no more than half of its limit, and has it back within three windows', async () => {
    const { clock, shedder } = open();
    await clock.advance(50);
    const releases = admitted(shedder, 40);
    clock.block(1_000);
    await clock.endRound();
    expect(shedder.status().limit).toBe(20);
    for (const release of releases) release();
    for (const _ of Array(3)) {
      for (const release of admitted(shedder, 60)) release();
      const held = admitted(shedder, 60);
      await clock.advance(100);
      for (const release of held) release();
    }
    expect(shedder.status().limit).toBeGreaterThanOrEqual(40);
  });

  it('has all of its limit back after a second on time, busy or idle', async () => {
    const { clock, shedder } = open();
    await clock.advance(50);
    const releases = admitted(shedder, 40);
    clock.block(1_000);
    await clock.endRound();
    for (const release of releases) release();
    expect(shedder.status().limit).toBe(20);
    await clock.advance(12_000);
    expect(shedder.status().limit).toBe(10_000);
    expect(admitted(shedder, 200)).toHaveLength(200);
  });

  it('takes no idle time for lateness', async () => {
    const { clock, shedder } = open();
    serve(shedder);
    await clock.advance(3_000);
    clock.block(3_600_000);
    expect(shedder.status().delayMs).toBe(0);
    expect(admitted(shedder, 20)).toHaveLength(20);
  });
});

describe('requests that compute for long, one at a time', () => {
  it.each([1, 10])('leave the limit to those that only wait: %d pauses', async (count) => {
    const { clock, shedder } = open();
    for (const _ of Array(count)) {
      const [release] = admitted(shedder, 1);
      clock.block(150);
      release?.();
      await clock.endRound();
    }
    await clock.endRound();
    expect(shedder.status().limit).toBe(10_000);
    expect(admitted(shedder, 50)).toHaveLength(50);
  });
});

describe('a queue that stands', () => {
  async function stand(): Promise<ReturnType<typeof open>> {
    const opened = open();
    const { clock, shedder } = opened;
    for (const _ of Array(4)) {
      serve(shedder);
      clock.block(50);
      await clock.endRound();
    }
    return opened;
  }

  it('makes rounds short: a tenth of the time from the first request on', async () => {
    const { clock, shedder } = await stand();
    clock.block(20); // before the first, it does not count
    serve(shedder);
    clock.block(10);
    expect(serve(shedder)).toBe(true);
    clock.block(1);
    expect(serve(shedder)).toBe(false);
  });

  it('still stands after a round that was on time because it refused somebody', async () => {
    const { clock, shedder } = await stand();
    admitted(shedder, 1);
    clock.block(10.5);
    expect(serve(shedder)).toBe(false);
    await clock.advance(1); // late by less than a twentieth
    await clock.advance(4);
    serve(shedder);
    clock.block(11);
    expect(serve(shedder)).toBe(false);
  });

  it('is gone with one round on time that served everybody', async () => {
    const { clock, shedder } = await stand();
    await clock.endRound();
    serve(shedder);
    clock.block(40);
    expect(serve(shedder)).toBe(true);
  });
});

describe('handlers that wait first and compute then', () => {
  /** Rounds in which so many ask, and whoever was admitted computes for so long. @returns the rounds' delays */
  async function rounds(
    { clock, shedder }: ReturnType<typeof open>,
    { count, asking, costMs }: { count: number; asking: number; costMs: number },
  ): Promise<number[]> {
    const delays: number[] = [];
    for (const _ of Array(count)) {
      const releases = admitted(shedder, asking);
      await clock.advance(20);
      clock.block(releases.length * costMs);
      delays.push(releases.length * costMs);
      for (const release of releases) release();
      await clock.endRound();
    }
    return delays;
  }

  it('are admitted in such numbers that the loop is late by no more than maxDelayMs', async () => {
    const opened = open();
    const delays = await rounds(opened, { count: 60, asking: 100, costMs: 5 });
    const steady = delays.slice(10);
    expect(delays[0]).toBe(500);
    expect(Math.max(...steady)).toBeLessThanOrEqual(100);
    // Little is left unused.
    expect(steady.reduce((sum, delay) => sum + delay) / steady.length).toBeGreaterThan(50);
  });

  it('are admitted in greater numbers again when they cost less', async () => {
    const opened = open();
    await rounds(opened, { count: 20, asking: 100, costMs: 5 });
    expect(opened.shedder.status().limit).toBeLessThan(30);
    await rounds(opened, { count: 60, asking: 100, costMs: 0 });
    expect(opened.shedder.status().limit).toBeGreaterThanOrEqual(100);
  });

  it('get more places though those that hold them have not ended, when the loop is on time', async () => {
    const { clock, shedder } = open();
    admitted(shedder, 40);
    clock.block(150);
    await clock.endRound();
    expect(shedder.status().limit).toBe(20);
    for (const _ of Array(3)) {
      serve(shedder);
      await clock.advance(100);
    }
    expect(shedder.status().limit).toBeGreaterThan(40);
  });

  it('never get more places than maxInFlight', async () => {
    const opened = open({ maxInFlight: 30 });
    await rounds(opened, { count: 20, asking: 100, costMs: 5 });
    await rounds(opened, { count: 60, asking: 100, costMs: 0 });
    expect(opened.shedder.status().limit).toBe(30);
  });

  it('always have one place, whatever one costs', async () => {
    const opened = open();
    const delays = await rounds(opened, { count: 30, asking: 10, costMs: 5_000 });
    expect(delays.slice(10).every((delay) => delay === 5_000)).toBe(true);
    expect(opened.shedder.status().limit).toBe(1);
    expect(serve(opened.shedder)).toBe(true);
  });

  it('keep their places where others are under way for long, or are never released', async () => {
    const opened = open();
    admitted(opened.shedder, 500);
    await opened.clock.advance(2_500);
    const delays = await rounds(opened, { count: 60, asking: 100, costMs: 5 });
    expect(opened.shedder.status().limit).toBeLessThan(530);
    expect(Math.min(...delays.slice(10))).toBeGreaterThan(40);
    expect(opened.shedder.status().inFlight).toBe(500);
  });

  it('may take long without being asked about: those of some time ago are not young', async () => {
    const opened = open();
    await rounds(opened, { count: 20, asking: 100, costMs: 5 });
    admitted(opened.shedder, 100);
    expect(serve(opened.shedder)).toBe(false);
    await opened.clock.advance(1_500);
    admitted(opened.shedder, 100);
    await opened.clock.advance(1_000);
    expect(serve(opened.shedder)).toBe(true);
  });
});

describe('its timer', () => {
  it('begins with the first request, and ends a second after the last', async () => {
    const { clock, shedder } = open();
    shedder.status();
    expect(clock.sleepers()).toBe(0);
    admitted(shedder, 1);
    await clock.advance(900);
    expect(clock.sleepers()).toBe(1);
    serve(shedder);
    await clock.advance(900);
    expect(clock.sleepers()).toBe(1);
    await clock.advance(105);
    expect(clock.sleepers()).toBe(0);
    serve(shedder);
    expect(clock.sleepers()).toBe(1);
  });

  it('ends with close, for good; then maxInFlight alone decides', async () => {
    const { clock, shedder } = open({ maxInFlight: 5 });
    serve(shedder);
    clock.block(500);
    shedder.close();
    shedder.close();
    expect(admitted(shedder, 10)).toHaveLength(5);
    await clock.advance(100);
    expect(clock.sleepers()).toBe(0);
    expect(shedder.status().delayMs).toBe(0);
  });

  it('keeps no process alive', () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const shedder = createLoadShedder();
    serve(shedder);
    expect(timers()).toBe(before);
    shedder.close();
  });

  it('begins anew after a clock that failed', async () => {
    const clock = lateClock();
    let fails = true;
    const sleep: LateClock['sleep'] = async (...args) => {
      if (fails) throw new Error('no timers today');
      return await clock.sleep(...args);
    };
    const shedder = createLoadShedder({ clock: { ...clock, sleep } });
    serve(shedder);
    await clock.advance(1);
    clock.block(1_000);
    fails = false;
    expect(admitted(shedder, 5)).toHaveLength(5);
    await clock.advance(1);
    expect(clock.sleepers()).toBe(1);
  });
});

describe('a process that warms up', () => {
  it('may be five times as late at its first request, and less and less until it is warm', async () => {
    const { clock, shedder } = open({ warmUpMs: 10_000 });
    const servedAt = async (blockedMs: number) => {
      await clock.endRound();
      const [first] = admitted(shedder, 1);
      first?.();
      clock.block(blockedMs);
      const isServed = serve(shedder);
      await clock.endRound();
      await clock.endRound();
      return isServed;
    };
    expect(await servedAt(240)).toBe(true);
    clock.block(5_000);
    await clock.endRound();
    await clock.advance(1_000);
    expect(await servedAt(240)).toBe(false);
    clock.block(5_000);
    await clock.endRound();
    await clock.advance(1_000);
    expect(await servedAt(110)).toBe(false);
    expect(await servedAt(40)).toBe(true);
  });

  it('is refused a time that is none', () => {
    expect(() => createLoadShedder({ warmUpMs: -1 })).toThrow(
      'createLoadShedder: option "warmUpMs" must be a number, zero or more, got -1',
    );
  });
});
