import { tracingChannel } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { observe } from '../src/observe';

const channel = tracingChannel<object, object>('unite:test:observe');
const phases = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

describe('observe', () => {
  let events: [phase: string, message: object][];
  const subscribers = Object.fromEntries(
    phases.map((phase) => [phase, (message: object) => events.push([phase, { ...message }])]),
  ) as unknown as Parameters<typeof channel.subscribe>[0];
  beforeEach(() => {
    events = [];
    channel.subscribe(subscribers);
  });
  afterEach(() => channel.unsubscribe(subscribers));

  test('publishes the phases of a success, and never its result', async () => {
    expect(await observe(channel, { cache: 'users' }, async () => 'a secret')).toBe('a secret');
    expect(events.map(([phase]) => phase)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(JSON.stringify(events)).not.toContain('a secret');
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
  ])('publishes the error of work that %s', async (_how, work) => {
    await expect(observe(channel, { cache: 'users' }, work as () => Promise<never>)).rejects.toThrow('down');
    expect(events.map(([phase]) => phase)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    expect(events[2]?.[1]).toMatchObject({ cache: 'users', error: expect.any(Error) });
  });

  test('hands the message to the work, which may add to it', async () => {
    await observe(channel, { cache: 'users', layer: '' }, async (message) => {
      message.layer = 'memory';
    });
    expect(events.at(-1)?.[1]).toEqual({ cache: 'users', layer: 'memory' });
  });
});
