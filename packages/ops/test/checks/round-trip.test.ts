import { access } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { RoundTrip } from '../../src/checks/round-trip';

const { signal } = new AbortController();

describe('RoundTrip', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('asks again once it has been answered', async () => {
    let asked = 0;
    const trip = new RoundTrip(async () => {
      asked += 1;
      return asked;
    });
    expect([await trip.ask(100, signal), await trip.ask(100, signal)]).toEqual([1, 2]);
  });

  it('gives a late answer to who waits for it then', async () => {
    let answer: (value: string) => void = () => undefined;
    const trip = new RoundTrip(
      () =>
        new Promise<string>((resolve) => {
          answer = resolve;
        }),
    );
    await expect(trip.ask(5, signal)).rejects.toMatchObject({ name: 'NoAnswerError', waitedMs: 5 });
    const second = trip.ask(1_000, signal);
    answer('late');
    expect(await second).toBe('late');
  });

  it('hears an answer that came in time while this process was too busy to read it', async () => {
    // After what `setImmediate` runs the loop comes to its timers first, and reads then.
    const trip = new RoundTrip(async () => {
      await setImmediate();
      const answered = access(__filename).then(() => 'answered');
      const untilMs = performance.now() + 200;
      while (performance.now() < untilMs);
      return answered;
    });
    expect(await trip.ask(50, signal)).toBe('answered');
  });

  it('gives up an unanswered question after half a minute, and takes no notice of its answer', async () => {
    const answers: ((value: string) => void)[] = [];
    const trip = new RoundTrip(() => new Promise<string>((resolve) => answers.push(resolve)));
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    await expect(trip.ask(1, signal)).rejects.toThrow('no answer in 1 ms');
    now.mockReturnValue(29_999);
    await expect(trip.ask(1, signal)).rejects.toThrow();
    expect(answers).toHaveLength(1);
    now.mockReturnValue(30_000);
    await expect(trip.ask(1, signal)).rejects.toThrow();
    expect(answers).toHaveLength(2);
    answers[0]?.('of long ago');
    const third = trip.ask(1_000, signal);
    answers[1]?.('now');
    expect(await third).toBe('now');
  });

  it('sends nothing for one whose time is up already', async () => {
    const send = jest.fn(async () => 1);
    await expect(new RoundTrip(send).ask(5, AbortSignal.abort(new Error('up')))).rejects.toThrow('up');
    expect(send).not.toHaveBeenCalled();
  });

  it('leaves no listener on the signal', async () => {
    const own = new AbortController();
    const remove = jest.spyOn(own.signal, 'removeEventListener');
    await new RoundTrip(async () => 1).ask(100, own.signal);
    expect(remove).toHaveBeenCalledTimes(1);
  });
});
