import { manualClock, settle } from '@unite/shared/testing';
import { createCache } from '../../src/create-cache';
import type { Cache, CacheOptions } from '../../src/types';
import { FakeRemote } from './fake-remote';

/** Processes over one fake layer, on a clock that stands still. */
export function fakeFleet() {
  const clock = manualClock(1_764_000_000_000);
  const remote = new FakeRemote(() => clock.wallMs());
  const open = (options: Partial<CacheOptions> = {}): Cache =>
    createCache({
      namespace: 'test',
      remote: remote.layer(),
      clock,
      random: () => 0.5,
      context: () => undefined,
      ...options,
    });
  return { clock, remote, open, settle };
}

/** A loader that a test answers by hand. */
export function heldLoader<Value>() {
  const calls: { readonly resolve: (value: Value) => void; readonly reject: (error: unknown) => void }[] = [];
  return {
    calls,
    load: () => new Promise<Value>((resolve, reject) => calls.push({ resolve, reject })),
  };
}
