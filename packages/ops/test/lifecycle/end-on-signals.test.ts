import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { createLifecycle, endOnSignals, type ShutdownReport } from '../../src';

const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
const { exitCode } = process;
let stop: () => void = () => undefined;

beforeEach(() => {
  exit.mockClear();
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  stop();
  process.exitCode = exitCode;
  jest.useRealTimers();
});

const signal = (name: NodeJS.Signals) => process.emit(name, name);

describe('a signal', () => {
  it('closes the lifecycle, tells how it went, and exits with 0', async () => {
    const reports: ShutdownReport[] = [];
    const lifecycle = createLifecycle();
    stop = endOnSignals(lifecycle, { onClosed: (report) => reports.push(report) });
    signal('SIGTERM');
    await settle();
    expect(reports).toEqual([expect.objectContaining({ reason: 'SIGTERM', clean: true })]);
    expect(process.exitCode).toBe(0);
    expect(exit).not.toHaveBeenCalled();
    jest.advanceTimersByTime(100);
    expect(exit).toHaveBeenCalledTimes(1);
  });

  it('exits with 1 when something was lost', async () => {
    stop = endOnSignals(
      createLifecycle({ onShutdown: [{ close: () => Promise.reject(new Error('broken')) }] }),
    );
    signal('SIGINT');
    await settle();
    expect(process.exitCode).toBe(1);
  });

  it('exits even when the one who is told throws, and warns', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    stop = endOnSignals(createLifecycle(), {
      onClosed: () => {
        throw new Error('in the log');
      },
    });
    signal('SIGTERM');
    await settle();
    expect(process.exitCode).toBe(0);
    expect(warn).toHaveBeenCalledWith('endOnSignals: onClosed threw Error: in the log', {
      type: 'UniteWarning',
      code: 'UNITE_OPS_ON_CLOSED_FAILED',
    });
    warn.mockRestore();
  });

  it('waits for the one who is told, and for a second at most', async () => {
    const log: string[] = [];
    let written: () => void = () => undefined;
    stop = endOnSignals(createLifecycle(), {
      onClosed: () =>
        new Promise<void>((resolve) => {
          written = resolve;
        }),
    });
    signal('SIGTERM');
    await settle();
    expect(process.exitCode).toBe(exitCode);
    written();
    await settle();
    expect(process.exitCode).toBe(0);
    stop();

    process.exitCode = exitCode;
    stop = endOnSignals(createLifecycle(), { onClosed: () => new Promise(() => log.push('told')) });
    signal('SIGTERM');
    await settle();
    expect(log).toEqual(['told']);
    jest.advanceTimersByTime(1_000);
    await settle();
    expect(process.exitCode).toBe(0);
  });

  it('that comes again changes nothing, but a later Ctrl-C exits at once', async () => {
    stop = endOnSignals(createLifecycle({ onShutdown: [{ close: () => new Promise(() => undefined) }] }));
    signal('SIGTERM');
    signal('SIGTERM');
    signal('SIGINT');
    jest.advanceTimersByTime(999);
    signal('SIGINT');
    expect(exit).not.toHaveBeenCalled();
    jest.advanceTimersByTime(2);
    signal('SIGTERM');
    expect(exit).not.toHaveBeenCalled();
    signal('SIGINT');
    expect(exit).toHaveBeenCalledWith(130);
  });

  it('that is not asked for is not heard', () => {
    const before = process.listenerCount('SIGINT');
    stop = endOnSignals(createLifecycle(), { signals: ['SIGTERM'] });
    expect(process.listenerCount('SIGINT')).toBe(before);
    const listening = process.listenerCount('SIGTERM');
    stop();
    expect(process.listenerCount('SIGTERM')).toBe(listening - 1);
  });
});

it('refuses options that mean nothing', () => {
  expect(() => endOnSignals(createLifecycle(), { signals: ['TERM' as never] })).toThrow(
    'endOnSignals: option "signals" must be an array of signals such as "SIGTERM", got an array',
  );
});
