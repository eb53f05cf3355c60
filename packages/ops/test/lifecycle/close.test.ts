import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import { createLifecycle, type LifecycleOptions, type WorkSource } from '../../src';

/** A source whose work ends when a test says so. */
function workSource(log: string[], { requests = 0, streams = 0 } = {}) {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const source: WorkSource = {
    beginDrain: () => void log.push('beginDrain'),
    drain: async (signal) => {
      log.push('drain');
      await Promise.race([
        finished,
        new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
      ]);
      log.push(signal.aborted ? 'aborted' : 'drained');
    },
    endStreams: () => {
      log.push('endStreams');
      return streams;
    },
    cutOff: () => {
      log.push('cutOff');
      return { requests, streams: 0 };
    },
  };
  return { source, finish };
}

const drain = { readinessGraceMs: 2_000, streamsTimeoutMs: 1_000, hooksTimeoutMs: 5_000, timeoutMs: 20_000 };

async function startWith(options: LifecycleOptions = {}) {
  const clock = manualClock();
  const lifecycle = createLifecycle({ drain, ...options, clock });
  await lifecycle.start();
  return { clock, lifecycle };
}

describe('close', () => {
  it('fails readiness, serves for the grace, drains, ends streams, closes what requests used', async () => {
    const log: string[] = [];
    const hook = (name: string) => ({ close: async () => void log.push(name) });
    const { clock, lifecycle } = await startWith({
      onDrain: [hook('usage stream')],
      onShutdown: [hook('quota'), hook('database')],
    });
    const { source, finish } = workSource(log, { streams: 3 });
    lifecycle.add(source);
    const closing = lifecycle.close({ reason: 'SIGTERM' });
    expect(lifecycle.state).toBe('draining');
    expect(lifecycle.healthNow().groups.ready).toBe('down');
    expect(lifecycle.draining.reason).toMatchObject({ code: 'UNITE_OPS_DRAINING' });
    await clock.advance(1_999);
    expect(log).toEqual(['beginDrain']);
    await clock.advance(1);
    expect(log).toEqual(['beginDrain', 'drain', 'usage stream', 'endStreams']);
    finish();
    const report = await closing;
    expect(log.slice(4)).toEqual(['drained', 'cutOff', 'quota', 'database']);
    expect(report).toEqual({
      reason: 'SIGTERM',
      clean: true,
      durationMs: 2_000,
      lost: { requests: 0, streams: 3 },
      hooks: [
        { name: 'hook (1 of 1)', outcome: 'closed', durationMs: 0 },
        { name: 'hook (1 of 2)', outcome: 'closed', durationMs: 0 },
        { name: 'hook (2 of 2)', outcome: 'closed', durationMs: 0 },
      ],
    });
    expect(lifecycle.state).toBe('closed');
  });

  it('cuts off requests in time for the hooks, and says that it is not clean', async () => {
    const log: string[] = [];
    const { clock, lifecycle } = await startWith({
      onShutdown: [{ close: async () => void log.push('database') }],
    });
    lifecycle.add(workSource(log, { requests: 2 }).source);
    const closing = lifecycle.close();
    await clock.advance(14_999);
    expect(log.at(-1)).toBe('endStreams');
    await clock.advance(1);
    expect(await closing).toMatchObject({ clean: false, durationMs: 15_000, lost: { requests: 2 } });
    expect(log.slice(-3)).toEqual(['aborted', 'cutOff', 'database']);
  });

  it('waits for nobody who sends requests when there was never anything to serve', async () => {
    const { lifecycle } = await startWith();
    expect(await lifecycle.close()).toMatchObject({ reason: 'close', clean: true, durationMs: 0 });
  });

  it('is one shutdown however often it is called', async () => {
    let closed = 0;
    const { lifecycle } = await startWith({
      onShutdown: [
        {
          close: async () => {
            closed += 1;
          },
        },
      ],
    });
    const [one, other] = await Promise.all([
      lifecycle.close({ reason: 'one' }),
      lifecycle.close({ reason: 'other' }),
    ]);
    expect(one).toBe(other);
    expect(one.reason).toBe('one');
    await lifecycle[Symbol.asyncDispose]();
    expect(closed).toBe(1);
  });

  it('keeps to the time that it is given', async () => {
    const { clock, lifecycle } = await startWith();
    lifecycle.add(workSource([], { requests: 1 }).source);
    const closing = lifecycle.close({ timeoutMs: 6_000 });
    await clock.advance(1_000);
    expect(await closing).toMatchObject({ clean: false, durationMs: 1_000 });
  });

  it('drains a source at once that is added meanwhile', async () => {
    const log: string[] = [];
    const { lifecycle } = await startWith();
    lifecycle.add(workSource([]).source);
    void lifecycle.close();
    const { source } = workSource(log);
    source.drain = async () => {
      log.push('drain');
      throw new Error('cannot');
    };
    lifecycle.add(source);
    await settle();
    expect(log).toEqual(['beginDrain', 'drain']);
  });

  it('goes on when a source throws', async () => {
    const log: string[] = [];
    const fail = () => {
      throw new Error('broken');
    };
    const { clock, lifecycle } = await startWith();
    lifecycle.add({ beginDrain: fail, drain: fail, endStreams: fail, cutOff: fail });
    const { source, finish } = workSource(log);
    lifecycle.add(source);
    finish();
    const closing = lifecycle.close();
    await clock.advance(2_000);
    expect(await closing).toMatchObject({ clean: true });
    expect(log).toEqual(['beginDrain', 'drain', 'endStreams', 'drained', 'cutOff']);
  });

  it('refuses options that mean nothing', async () => {
    const { lifecycle } = await startWith();
    expect(() => lifecycle.close({ timeoutMs: -1 })).toThrow(
      'close: option "timeoutMs" must be a positive number, got -1',
    );
    expect(() => lifecycle.close({ reason: 1 as never })).toThrow(
      'close: option "reason" must be a string, got 1',
    );
    expect(lifecycle.state).toBe('ready');
  });
});

describe('hooks', () => {
  it('that reject are told, and the next ones are closed', async () => {
    const error = new Error('broken');
    class Quota {
      close() {
        return Promise.reject(error);
      }
    }
    const { lifecycle } = await startWith({
      onShutdown: [
        new Quota(),
        {
          close: () => {
            throw error;
          },
        },
        { close: async () => ({ lost: 0 }) },
      ],
    });
    expect(await lifecycle.close()).toMatchObject({
      clean: false,
      hooks: [
        { name: 'Quota (1 of 3)', outcome: 'failed', error },
        { name: 'hook (2 of 3)', outcome: 'failed', error },
        { name: 'hook (3 of 3)', outcome: 'closed', report: { lost: 0 } },
      ],
    });
  });

  it('that hang take their share of the time, and no other hook’s', async () => {
    const told: unknown[] = [];
    const { clock, lifecycle } = await startWith({
      onShutdown: [
        {
          close: (options) => {
            told.push(options);
            return new Promise(() => undefined);
          },
        },
        { close: async (options) => void told.push(options) },
      ],
    });
    const closing = lifecycle.close({ timeoutMs: 10_000 });
    await clock.advance(5_000);
    expect(await closing).toMatchObject({
      clean: false,
      durationMs: 5_000,
      hooks: [
        { outcome: 'timed-out', durationMs: 5_000 },
        { outcome: 'closed', durationMs: 0 },
      ],
    });
    expect(told).toEqual([{ timeoutMs: 4_500 }, { timeoutMs: 4_500 }]);
  });

  it('that hold up the event loop have not closed in time', async () => {
    let heldUpMs = 0;
    const clock = manualClock();
    const lifecycle = createLifecycle({
      drain,
      clock: { ...clock, monotonicMs: () => clock.monotonicMs() + heldUpMs },
      onShutdown: [
        {
          close: async () => {
            heldUpMs = 20_001;
          },
        },
      ],
    });
    await lifecycle.start();
    expect(await lifecycle.close()).toMatchObject({
      clean: false,
      hooks: [{ outcome: 'timed-out', durationMs: 20_001 }],
    });
  });

  it('of the drain that hang do not hold up the end of the streams', async () => {
    const log: string[] = [];
    const { clock, lifecycle } = await startWith({
      onDrain: [{ close: () => new Promise(() => undefined) }],
    });
    lifecycle.add(workSource(log).source);
    void lifecycle.close();
    await clock.advance(2_999);
    expect(log).toEqual(['beginDrain', 'drain']);
    await clock.advance(1);
    expect(log).toEqual(['beginDrain', 'drain', 'endStreams']);
  });

  it('without a prototype have a name too', async () => {
    const hook = Object.assign(Object.create(null), { close: async () => undefined });
    const { lifecycle } = await startWith({ onShutdown: [hook] });
    expect((await lifecycle.close()).hooks[0]?.name).toBe('hook (1 of 1)');
  });
});

describe('channels', () => {
  it('tell the states and the shutdown', async () => {
    const states: unknown[] = [];
    const ends: unknown[] = [];
    const onState = (message: unknown) => states.push(message);
    const onEnd = (message: unknown) => ends.push({ ...(message as object) });
    subscribe('unite:ops:state', onState);
    tracingChannel('unite:ops:shutdown').asyncEnd.subscribe(onEnd);
    const { lifecycle } = await startWith();
    const report = await lifecycle.close({ reason: 'SIGTERM' });
    unsubscribe('unite:ops:state', onState);
    tracingChannel('unite:ops:shutdown').asyncEnd.unsubscribe(onEnd);
    expect(states).toEqual([
      { state: 'ready', previous: 'starting', reason: 'started' },
      { state: 'draining', previous: 'ready', reason: 'SIGTERM' },
      { state: 'closed', previous: 'draining', reason: 'SIGTERM' },
    ]);
    expect(ends).toEqual([{ reason: 'SIGTERM', report }]);
  });
});

describe('options that are malformed', () => {
  it.each([
    [
      { check: {} },
      /unknown option "check"; known are checks, drain, shedding, onStart, onDrain, onShutdown/,
    ],
    [
      { onShutdown: [{}] },
      /option "onShutdown" must be an array of what has a close\(\), .* but \[0\] is an object/,
    ],
    [{ onDrain: [null] }, /option "onDrain" must be an array of what has a close\(\), .* but \[0\] is null/],
    [{ onStart: [1] }, /option "onStart" must be an array of functions, but \[0\] is 1/],
    [{ drain: { graceMs: 1 } }, /createLifecycle: drain: unknown option "graceMs"/],
    [
      { drain: { readinessGraceMs: -1 } },
      /option "readinessGraceMs" must be a number of milliseconds, zero or more, got -1/,
    ],
    [
      { drain: { timeoutMs: 7_000 } },
      /option "timeoutMs" must be more than readinessGraceMs and hooksTimeoutMs together \(7000\), got 7000/,
    ],
    [{ shedding: { maxDelayMs: 0 } }, /option "maxDelayMs" must be a positive number, got 0/],
  ])('%# are refused', (options, message) => {
    expect(() => createLifecycle(options as never)).toThrow(message);
  });

  it('undefined counts as not given', () => {
    expect(() => createLifecycle({ drain: { timeoutMs: undefined } })).not.toThrow();
  });
});
