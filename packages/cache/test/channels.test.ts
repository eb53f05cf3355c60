import { channel, subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from '@jest/globals';
import { fakeFleet } from './support/open-cache';

const stops: (() => void)[] = [];

/** Everything that is said on a channel. */
function listen(name: string): unknown[] {
  const heard: unknown[] = [];
  const note = (message: unknown): void => void heard.push(message);
  subscribe(name, note);
  stops.push(() => unsubscribe(name, note));
  return heard;
}

function listenToEnds(name: string): unknown[] {
  return listen(`tracing:${name}:asyncEnd`);
}

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

describe('the channels', () => {
  it('say what a read, a load and an invalidation came to', async () => {
    const { open, settle } = fakeFleet();
    const hits = listen('unite:cache:hit');
    const gets = listenToEnds('unite:cache:get');
    const loads = listenToEnds('unite:cache:load');
    const invalidations = listenToEnds('unite:cache:invalidate');
    const cache = open();
    let fails = false;
    const rows = cache.define('rows', {
      key: (id: string) => [id],
      scope: 'global',
      load: () => {
        if (fails) throw new Error('down');
        return 1;
      },
    });
    await Promise.all([rows.get('x'), rows.get('x')]);
    await rows.get('x');
    await settle();
    await cache.clear();
    fails = true;
    await expect(rows.get('x')).rejects.toThrow('down');
    await expect(rows.refresh('x')).rejects.toThrow('down');
    const about = { cache: 'test', definition: 'rows' };
    expect(hits).toEqual([about]);
    expect(gets).toEqual([
      { ...about, layer: 'load', joined: false },
      { ...about, layer: 'load', joined: true },
      { ...about, joined: false, error: new Error('down') },
    ]);
    expect(loads).toEqual([
      { ...about, reason: 'miss' },
      { ...about, reason: 'miss', error: new Error('down') },
      { ...about, reason: 'refresh', error: new Error('down') },
    ]);
    expect(invalidations).toEqual([{ cache: 'test', names: 1, acknowledged: true }]);
    expect(tracingChannel('unite:cache:get')).toBeDefined();
    expect(channel('unite:cache:hit').hasSubscribers).toBe(true);
  });

  it('say when the layer went away, came back, and lost the log', async () => {
    const { clock, open, remote } = fakeFleet();
    const states = listen('unite:cache:state');
    const cache = open();
    await cache.ready();
    remote.isDown = true;
    await clock.advance(1_000);
    remote.isDown = false;
    await clock.advance(1_000);
    remote.flush();
    await clock.advance(1_100);
    expect(states).toEqual([
      { cache: 'test', state: 'down', reason: 'no answer' },
      { cache: 'test', state: 'up', reason: 'the log was read again' },
      { cache: 'test', state: 'log-lost', reason: 'Redis has lost the log, or has another one' },
    ]);
  });
});
