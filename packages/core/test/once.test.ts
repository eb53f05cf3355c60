import { expect, jest, test } from '@jest/globals';
import { once } from '../src/once';

test('creates one value per key, for all copies of the module', () => {
  const create = jest.fn(() => ({}));
  const value = once('test.shared', create);
  expect(once('test.shared', create)).toBe(value);
  expect(once('test.other', create)).not.toBe(value);
  jest.isolateModules(() => {
    const copy = require('../src/once') as typeof import('../src/once');
    expect(copy.once('test.shared', create)).toBe(value);
  });
  expect(create).toHaveBeenCalledTimes(2);
});

test('keeps undefined too', () => {
  const create = jest.fn(() => undefined);
  once('test.undefined', create);
  once('test.undefined', create);
  expect(create).toHaveBeenCalledTimes(1);
});

test('tries again after a throw and after a rejection', async () => {
  const create = jest.fn<() => string>().mockImplementationOnce(() => {
    throw new Error('no');
  });
  create.mockReturnValue('made');
  expect(() => once('test.throws', create)).toThrow('no');
  expect(once('test.throws', create)).toBe('made');

  const connect = jest
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(new Error('down'))
    .mockResolvedValue('up');
  await expect(once('test.rejects', connect)).rejects.toThrow('down');
  await expect(once('test.rejects', connect)).resolves.toBe('up');
});

test.each([
  ['', '""'],
  [undefined, 'undefined'],
  [{}, 'an object'],
])('refuses %p as a key', (key, shown) => {
  expect(() => once(key as string, () => 1)).toThrow(`once: key must be a non-empty string, got ${shown}`);
});

test('refuses a value where a function would make it', () => {
  expect(() => once('test.value', Promise.resolve(1) as never)).toThrow(
    'once: create must be a function, got a promise',
  );
});
