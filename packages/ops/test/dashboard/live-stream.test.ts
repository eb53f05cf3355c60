import { beforeEach, describe, expect, test } from '@jest/globals';
import { LiveStream, type StreamState } from '../../src/dashboard/client/live/live-stream';

type Listener = (event: { readonly data?: unknown }) => void;

/** A stream of which a test says what comes. */
class FakeSource {
  isClosed = false;
  readonly #listeners = new Map<string, Listener>();

  addEventListener(type: string, listener: Listener) {
    this.#listeners.set(type, listener);
  }

  close() {
    this.isClosed = true;
  }

  send(atMs: number) {
    this.#listeners.get('frame')?.({ data: JSON.stringify({ atMs }) });
  }

  fail() {
    this.#listeners.get('error')?.({});
  }
}

describe('the stream of a page', () => {
  let sources: FakeSource[];
  let states: StreamState[];
  let frames: unknown[];
  let answer: 'reached' | 'refused' | 'failed';
  let probes: number;
  let timers: Map<object, { readonly delayMs: number; readonly work: () => void }>;
  let stream: LiveStream;

  const open = () => sources.filter(({ isClosed }) => !isClosed);
  /** The one timer that waits, if any. */
  const waiting = () => [...timers.values()];
  const fire = () => {
    const [[key, { work }] = [{}, { work: () => {} }]] = [...timers];
    timers.delete(key);
    work();
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const lose = async () => {
    open()[0]?.fail();
    await settled();
  };

  beforeEach(() => {
    sources = [];
    states = [];
    frames = [];
    answer = 'reached';
    probes = 0;
    timers = new Map();
    stream = new LiveStream({
      open: () => {
        const source = new FakeSource();
        sources.push(source);
        return source;
      },
      probe: async () => {
        probes++;
        return answer;
      },
      onFrame: (frame) => frames.push(frame),
      onState: (state) => states.push(state),
      after: (delayMs, work) => {
        const key = {};
        timers.set(key, { delayMs, work });
        return () => timers.delete(key);
      },
      random: () => 1,
    });
  });

  test('is open while somebody looks, and only then', () => {
    stream.show();
    stream.show();
    expect(open()).toHaveLength(1);
    stream.hide();
    expect(open()).toHaveLength(0);
    expect(waiting()).toHaveLength(0);
    stream.show();
    expect(open()).toHaveLength(1);
    expect(states).toEqual(['connecting', 'hidden', 'connecting']);
  });

  test('hands on frames, of the newest connection alone', () => {
    stream.show();
    sources[0]?.send(1);
    stream.hide();
    sources[0]?.send(2);
    sources[0]?.fail();
    expect(frames).toEqual([{ atMs: 1 }]);
    expect(states).toEqual(['connecting', 'live', 'hidden']);
  });

  test('once lost asks for the page, waits, and is opened again', async () => {
    stream.show();
    sources[0]?.send(1);
    await lose();
    expect(probes).toBe(1);
    expect(open()).toHaveLength(0);
    expect(waiting()).toMatchObject([{ delayMs: 1_000 }]);
    fire();
    sources[1]?.send(2);
    expect(states).toEqual(['connecting', 'live', 'lost', 'connecting', 'live']);
  });

  test('counts as lost when nothing comes for ten seconds', async () => {
    stream.show();
    sources[0]?.send(1);
    expect(waiting()).toMatchObject([{ delayMs: 10_000 }]);
    fire();
    await settled();
    expect(states.at(-1)).toBe('lost');
    expect(open()).toHaveLength(0);
  });

  test('stops for good once the viewer is refused', async () => {
    answer = 'refused';
    stream.show();
    await lose();
    expect(states.at(-1)).toBe('refused');
    expect(waiting()).toHaveLength(0);
    stream.hide();
    stream.show();
    expect(open()).toHaveLength(0);
    expect(probes).toBe(1);
  });

  test('stops for good when the refusal was seen elsewhere', () => {
    stream.show();
    stream.refuse();
    expect(open()).toHaveLength(0);
    expect(states.at(-1)).toBe('refused');
  });

  test('waits ever longer, and after ten losses until somebody asks', async () => {
    answer = 'failed';
    stream.show();
    const waits: unknown[] = [];
    while (open().length > 0) {
      await lose();
      waits.push(waiting()[0]?.delayMs);
      if (waiting().length > 0) fire();
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000, undefined]);
    expect(states.at(-1)).toBe('ended');
    stream.show();
    expect(open()).toHaveLength(1);
  });

  test('hidden while it asks stays hidden', async () => {
    stream.show();
    sources[0]?.fail();
    stream.hide();
    await settled();
    expect(states).toEqual(['connecting', 'lost', 'hidden']);
    expect(waiting()).toHaveLength(0);
  });
});
