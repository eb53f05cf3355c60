import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { type EventLoopSource, eventLoopCheck } from '../../src/checks';
import { ask, askUntil } from './support/ask';

/** A loop that is as late as a test says. */
function fakeLoop() {
  const none = { meanMs: 0, maxMs: 0 };
  const loop = { sources: 0, now: none, source };
  return loop;

  function source(): EventLoopSource {
    loop.sources += 1;
    return {
      read: () => loop.now,
      reset: () => {
        loop.now = none;
      },
    };
  }
}

describe('eventLoopCheck', () => {
  it('measures from its first run on, once', async () => {
    const loop = fakeLoop();
    const clock = manualClock();
    const check = eventLoopCheck({ maxDelayMs: 100, clock, source: loop.source });
    expect([loop.sources, clock.sleepers()]).toEqual([0, 0]);
    await ask(check);
    await ask(check);
    expect([loop.sources, clock.sleepers()]).toEqual([1, 1]);
  });

  it('is down when the loop is late on average, degraded when it was late once', async () => {
    const loop = fakeLoop();
    const check = eventLoopCheck({ maxDelayMs: 100, clock: manualClock(), source: loop.source });
    expect((await ask(check)).status).toBe('up');
    loop.now = { meanMs: 100, maxMs: 100 };
    expect((await ask(check)).status).toBe('up');
    loop.now = { meanMs: 20, maxMs: 101 };
    expect(await ask(check)).toMatchObject({
      status: 'degraded',
      detail: 'late by 20 ms on average, 101 ms at most',
    });
    loop.now = { meanMs: 101, maxMs: 400 };
    expect((await ask(check)).status).toBe('down');
  });

  it('forgets a spike after the window that follows', async () => {
    const loop = fakeLoop();
    const clock = manualClock();
    const check = eventLoopCheck({ maxDelayMs: 100, windowMs: 1_000, clock, source: loop.source });
    await ask(check);
    loop.now = { meanMs: 20, maxMs: 900 };
    await clock.advance(1_000);
    expect((await ask(check)).status).toBe('degraded');
    await clock.advance(999);
    expect((await ask(check)).status).toBe('degraded');
    await clock.advance(1);
    expect((await ask(check)).status).toBe('up');
  });

  it('sees a real block and forgets it, by timers that keep no process alive', async () => {
    const before = process.getActiveResourcesInfo();
    const check = eventLoopCheck({ maxDelayMs: 60, windowMs: 50 });
    await check.run(new AbortController().signal);
    expect(process.getActiveResourcesInfo().sort()).toEqual(before.sort());
    await sleep(30);
    const untilMs = performance.now() + 150;
    while (performance.now() < untilMs);
    expect((await askUntil(check, ({ status }) => status !== 'up')).status).not.toBe('up');
    expect((await askUntil(check, ({ status }) => status === 'up')).status).toBe('up');
  });

  it.each([
    [{}, 'option "maxDelayMs" must be a positive number, got undefined'],
    [{ maxDelayMs: 0 }, 'option "maxDelayMs" must be a positive number, got 0'],
    [{ maxDelayMs: 1, windowMs: -1 }, 'option "windowMs" must be a positive number, got -1'],
    [{ maxDelayMs: 1, source: {} }, 'option "source" must be a function, got an object'],
  ])('names the option that is wrong: %j', (options, message) => {
    expect(() => eventLoopCheck(options as never)).toThrow(`eventLoopCheck: ${message}`);
  });
});
