import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CaptureOptions, Sink } from '../../src';
import { type CrashRuntime, type WatchCrashesOptions, watchCrashes } from '../../src/capture';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** A process that only pretends to die. */
function startWith(options: Partial<WatchCrashesOptions> = {}) {
  const log: string[] = [];
  const runtime = Object.assign(new EventEmitter(), {
    exit: (code: number) => void log.push(`exit ${code}`),
    hasUncaughtExceptionCaptureCallback: () => false,
    version: 'v20',
  }) as unknown as CrashRuntime & EventEmitter;
  const sink = { name: 'file', crash: () => void log.push('crash') } as unknown as Sink;
  const watch = watchCrashes({
    capture: (error, { kind, level = 'error' }: CaptureOptions = {}) =>
      void log.push(`${kind} ${level} ${(error as Error).message}`) as undefined,
    crash: {},
    sinks: [sink],
    flush: () => new Promise(() => undefined),
    onEnd: (reason) => void log.push(`ended ${reason}`),
    print: (text) => void log.push(`print ${text.split('\n')[0]}`),
    runtime,
    ...options,
  });
  /** As Node.js does it. */
  const die = (error: unknown, origin = 'uncaughtException') => {
    runtime.emit('uncaughtExceptionMonitor', error, origin);
    return runtime.emit('uncaughtException', error, origin);
  };
  return { log, runtime, die, watch };
}

describe('a process that dies', () => {
  it('lives on for as long as it sends, two seconds at most', async () => {
    const { log, die } = startWith();
    expect(die(new Error('first'))).toBe(true);
    expect(die(new Error('second'))).toBe(true);
    expect(log).toEqual([
      'uncaught-exception fatal first',
      'crash',
      'ended uncaught-exception',
      'print Error: first',
      'uncaught-exception fatal second',
      'crash',
      'ended uncaught-exception',
    ]);
    jest.advanceTimersByTime(1_999);
    expect(log).not.toContain('exit 1');
    jest.advanceTimersByTime(1);
    expect(log.at(-1)).toBe('exit 1');
  });

  it.each([() => Promise.resolve(), () => Promise.reject(new Error('down'))])(
    'ends when it has sent',
    async (flush) => {
      const { log, die } = startWith({ flush });
      die(new Error('x'));
      await jest.advanceTimersByTimeAsync(0);
      expect(log.at(-1)).toBe('exit 1');
    },
  );

  it('ends at once where nothing is to be waited for', () => {
    const { die, log, runtime } = startWith({ crash: { flushMs: 0 } });
    expect(die(new Error('x'))).toBe(false);
    runtime.emit('exit', 1);
    const kept = ['crash', 'ended uncaught-exception'];
    expect(log).toEqual(['uncaught-exception fatal x', ...kept, ...kept]);
  });

  it('is left to Node.js in a worker thread, and while it exits', () => {
    expect(startWith({ isMainThread: false }).die(new Error('x'))).toBe(false);
    const exiting = startWith();
    exiting.runtime.emit('exit', 0);
    expect(exiting.die(new Error('x'))).toBe(false);
    const dying = startWith();
    dying.die(new Error('first'));
    expect(dying.runtime.exitCode).toBe(1);
    dying.runtime.emit('exit', 1);
    expect(dying.die(new Error('x'))).toBe(false);
  });

  it('prints anything', () => {
    const { die, log } = startWith();
    const unreadable = new Proxy({}, { getPrototypeOf: () => fail() });
    die(unreadable);
    expect(log).toContain('print Uncaught: a value that cannot be read');
  });

  it('prints to the standard error, and survives one that is closed', () => {
    const write = jest.spyOn(fs, 'writeSync').mockImplementation(() => fail());
    startWith({ print: undefined }).die(new RangeError('far'));
    expect(write).toHaveBeenCalledWith(
      2,
      expect.stringMatching(/^RangeError: far\n[\s\S]*\n\nNode.js v20\n$/),
    );
  });

  it('survives a sink that throws', () => {
    jest.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const { die, log } = startWith({ sinks: [{ name: 'bad', crash: fail } as unknown as Sink, {} as Sink] });
    die(new Error('x'));
    expect(log).toContain('ended uncaught-exception');
  });
});

describe('a process whose application listens', () => {
  it('is left to it', () => {
    const { die, log, runtime } = startWith();
    runtime.on('uncaughtException', () => undefined);
    die(new Error('x'));
    expect(log).toEqual(['uncaught-exception error x']);
    runtime.emit('exit', 3);
    expect(log.slice(1)).toEqual(['crash', 'ended exit 3']);
  });

  it('is left to its callback', () => {
    const { die, log, runtime } = startWith();
    runtime.hasUncaughtExceptionCaptureCallback = () => true;
    die(new Error('x'));
    expect(log).toEqual(['uncaught-exception error x']);
  });

  it('is heard along with it, for as long as it listens', () => {
    const { log, runtime, watch } = startWith();
    expect(runtime.emit('unhandledRejection', new Error('unheard'))).toBe(false);
    const listener = () => undefined;
    runtime.on('unhandledRejection', listener);
    runtime.on('unhandledRejection', () => undefined);
    runtime.emit('unhandledRejection', new Error('heard'));
    runtime.off('unhandledRejection', listener);
    runtime.removeAllListeners('unhandledRejection');
    expect(runtime.listenerCount('unhandledRejection')).toBe(0);
    runtime.once('unhandledRejection', listener);
    runtime.emit('unhandledRejection', new Error('once'));
    expect(runtime.listenerCount('unhandledRejection')).toBe(0);
    expect(log).toEqual(['unhandled-rejection error heard', 'unhandled-rejection error once']);
    runtime.on('unhandledRejection', listener);
    watch.close();
    expect(runtime.eventNames()).toEqual(['unhandledRejection']);
    expect(runtime.listeners('unhandledRejection')).toEqual([listener]);
  });

  it('is heard where it listened before', () => {
    const runtime = new EventEmitter();
    runtime.on('unhandledRejection', () => undefined);
    const { watch } = startWith({ runtime: runtime as unknown as CrashRuntime });
    expect(runtime.listenerCount('unhandledRejection')).toBe(2);
    watch.close();
  });
});

describe('a process that is ending', () => {
  it('fails at its shutdown, once it has heard a signal', () => {
    const { die, log, runtime } = startWith();
    runtime.on('SIGTERM', () => undefined);
    runtime.emit('SIGTERM');
    die(new Error('x'), 'unhandledRejection');
    expect(log).toContain('shutdown fatal x');
    expect(log).toContain('ended unhandled-rejection');
  });

  it('fails at its shutdown, where that is told', () => {
    const { die, log } = startWith({ isEnding: () => true });
    die(new Error('x'));
    expect(log[0]).toBe('shutdown fatal x');
  });
});

function fail(): never {
  throw new Error('broken');
}
