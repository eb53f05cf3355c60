import { describe, expect, test } from '@jest/globals';
import {
  checkOptions,
  describeArgument,
  describeValue,
  expects,
  expectsEach,
  optionChecks,
} from '../src/check-options';

const checks = {
  name: optionChecks.string,
  limit: optionChecks.positive,
  size: expects('even', (v) => v === 2),
};

describe('checkOptions', () => {
  test('takes what is well formed, absent or undefined', () => {
    expect(() => checkOptions('owner', {}, checks)).not.toThrow();
    expect(() => checkOptions('owner', { name: 'a', limit: 0.5, size: undefined }, checks)).not.toThrow();
  });

  test.each([
    [{ nmae: 'a' }, 'owner: unknown option "nmae"; known are name, limit, size'],
    [{ constructor: 'a' }, 'owner: unknown option "constructor"; known are name, limit, size'],
    [{ name: '' }, 'owner: option "name" must be a non-empty string, got ""'],
    [{ name: 7 }, 'owner: option "name" must be a non-empty string, got 7'],
    [{ name: null }, 'owner: option "name" must be a non-empty string, got null'],
    [{ limit: Number.NaN }, 'owner: option "limit" must be a positive number, got NaN'],
    [{ limit: -1 }, 'owner: option "limit" must be a positive number, got -1'],
    [{ limit: Infinity }, 'owner: option "limit" must be a positive number, got Infinity'],
    [{ size: 3 }, 'owner: option "size" must be even, got 3'],
    ['options', 'owner: options must be an object, got "options"'],
    [null, 'owner: options must be an object, got null'],
  ])('refuses %p by name', (options, message) => {
    expect(() => checkOptions('owner', options, checks)).toThrow(new TypeError(message));
  });

  test('names a required option that is absent', () => {
    expect(() => checkOptions('owner', {}, checks, ['name'])).toThrow(
      new TypeError('owner: option "name" must be a non-empty string, got undefined'),
    );
    expect(() => checkOptions('owner', { name: 'a' }, checks, ['name'])).not.toThrow();
  });

  test('names a required option by how it was misspelt', () => {
    expect(() => checkOptions('owner', { nmae: 'a' }, checks, ['name'])).toThrow(
      new TypeError('owner: unknown option "nmae"; known are name, limit, size'),
    );
  });

  test.each([
    ['a', 'option "ports" must be a list of ports, got "a"'],
    [[80, 'b', 'c'], 'option "ports" must be a list of ports, but [1] is "b", got an array'],
  ])('names the entry of a list that is wrong: %j', (ports, message) => {
    const listed = { ports: expectsEach('a list of ports', Number.isInteger) };
    expect(() => checkOptions('owner', { ports }, listed)).toThrow(new TypeError(`owner: ${message}`));
    expect(() => checkOptions('owner', { ports: [80, 81] }, listed)).not.toThrow();
  });

  test.each([
    ['function', () => 1, {}],
    ['boolean', false, 'false'],
    ['object', {}, []],
    ['object', {}, null],
  ] as const)('optionChecks.%s takes %p and not %p', (name, good, bad) => {
    expect(optionChecks[name](good)).toBeUndefined();
    expect(optionChecks[name](bad)).toEqual(expect.any(String));
  });
});

test('describeValue is short and shows no content of objects', () => {
  expect(describeValue('x'.repeat(100))).toBe(`"${'x'.repeat(60)}…"`);
  expect([{ secret: 1 }, ['secret'], () => 'secret', null, undefined, 3n].map(describeValue)).toEqual([
    'an object',
    'an array',
    'a function',
    'null',
    'undefined',
    '3',
  ]);
});

test('describeArgument tells a promise that nobody has awaited', () => {
  expect([Promise.resolve('secret'), {}].map(describeArgument)).toEqual(['a promise', 'an object']);
});
