import { expect, jest, test } from '@jest/globals';
import { globalSlot } from '../src/global-slot';

test('creates the value once for all copies of this module', () => {
  const create = jest.fn(() => ({ made: true }));
  const value = globalSlot(Symbol.for('unite.test.slot'), create);
  jest.isolateModules(() => {
    const copy = require('../src/global-slot') as typeof import('../src/global-slot');
    expect(copy.globalSlot).not.toBe(globalSlot);
    expect(copy.globalSlot(Symbol.for('unite.test.slot'), create)).toBe(value);
  });
  expect(create).toHaveBeenCalledTimes(1);
});
