import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, expect, jest, test } from '@jest/globals';
import { warnOnce } from '../src/warn-once';

afterEach(() => {
  jest.restoreAllMocks();
});

test('warns once per code, as a process warning and on the channel', () => {
  const heard: unknown[] = [];
  const listener = (message: unknown) => heard.push(message);
  subscribe('unite:warning', listener);
  const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  warnOnce('UNITE_TEST_A', 'first');
  warnOnce('UNITE_TEST_A', 'again');
  warnOnce('UNITE_TEST_B', 'other');
  unsubscribe('unite:warning', listener);
  expect(heard).toEqual([
    { code: 'UNITE_TEST_A', message: 'first' },
    { code: 'UNITE_TEST_B', message: 'other' },
  ]);
  expect(emitWarning.mock.calls).toEqual([
    ['first', { type: 'UniteWarning', code: 'UNITE_TEST_A' }],
    ['other', { type: 'UniteWarning', code: 'UNITE_TEST_B' }],
  ]);
});

test('warns on the console where there is no process', () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  jest.replaceProperty(globalThis, 'process', undefined as unknown as NodeJS.Process);
  warnOnce('UNITE_TEST_BROWSER', 'in a browser');
  expect(warn).toHaveBeenCalledWith('UniteWarning [UNITE_TEST_BROWSER]: in a browser');
});
