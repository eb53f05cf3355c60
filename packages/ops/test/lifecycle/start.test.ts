import { describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { createLifecycle, OpsError } from '../../src';

describe('start', () => {
  it('runs the steps one after the other, once', async () => {
    const log: string[] = [];
    const lifecycle = createLifecycle({
      onStart: [
        async () => {
          await settle();
          log.push('first');
        },
        () => log.push('second'),
      ],
    });
    expect(lifecycle.state).toBe('starting');
    await Promise.all([lifecycle.start(), lifecycle.start()]);
    expect(log).toEqual(['first', 'second']);
    expect(lifecycle.state).toBe('ready');
  });

  it('fails with the cause, and stays in the state', async () => {
    const cause = new Error('no database');
    const lifecycle = createLifecycle({ onStart: [() => Promise.reject(cause)] });
    await expect(lifecycle.start()).rejects.toMatchObject({ code: 'UNITE_OPS_START_FAILED', cause });
    expect(lifecycle.state).toBe('starting');
    expect(OpsError.isInstance(await lifecycle.start().catch((error) => error))).toBe(true);
    expect(await lifecycle.close()).toMatchObject({ clean: true });
  });

  it('is given up when the process is told to end, even by a step that ignores its signal', async () => {
    const seen: AbortSignal[] = [];
    const log: string[] = [];
    const lifecycle = createLifecycle({
      onStart: [
        (signal) => {
          seen.push(signal);
          return new Promise(() => undefined);
        },
        () => log.push('second'),
      ],
      onShutdown: [{ close: async () => void log.push('closed') }],
    });
    const starting = lifecycle.start();
    await settle();
    expect(await lifecycle.close({ reason: 'SIGTERM' })).toMatchObject({ clean: true });
    await expect(starting).rejects.toMatchObject({ code: 'UNITE_OPS_START_ABORTED' });
    expect(seen[0]?.aborted).toBe(true);
    expect(log).toEqual(['closed']);
    expect(lifecycle.state).toBe('closed');
  });

  it('is given up between two steps', async () => {
    const log: string[] = [];
    const lifecycle = createLifecycle({
      onStart: [() => void lifecycle.close(), () => log.push('second')],
    });
    await expect(lifecycle.start()).rejects.toMatchObject({ code: 'UNITE_OPS_START_ABORTED' });
    expect(log).toEqual([]);
  });

  it('cannot begin after the end', async () => {
    const lifecycle = createLifecycle();
    await lifecycle.close();
    await expect(lifecycle.start()).rejects.toMatchObject({ code: 'UNITE_OPS_START_ABORTED' });
    expect(lifecycle.state).toBe('closed');
  });
});
