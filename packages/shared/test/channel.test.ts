import { channel, tracingChannel } from 'node:diagnostics_channel';
import { afterEach, expect, jest, test } from '@jest/globals';
import { openChannel, openTracingChannel } from '../src/channel';

afterEach(() => {
  jest.restoreAllMocks();
});

test('opens the channels that everybody else opens by the same name', () => {
  expect(openChannel('unite:test')).toBe(channel('unite:test'));
  expect(openTracingChannel('unite:test')?.start).toBe(tracingChannel('unite:test').start);
});

test('gives undefined where the platform has no channels', () => {
  jest.replaceProperty(globalThis, 'process', undefined as unknown as NodeJS.Process);
  expect(openChannel('unite:test')).toBeUndefined();
  expect(openTracingChannel('unite:test')).toBeUndefined();
});
