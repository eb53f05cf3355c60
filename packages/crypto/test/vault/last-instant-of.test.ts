import { describe, expect, test } from '@jest/globals';
import { lastInstantOf } from '../../src/vault/last-instant-of';

describe('the last instant', () => {
  test.each<[unknown, string]>([
    ['2027-03-31', '2027-03-31T23:59:59.999Z'],
    ['2028-02-29', '2028-02-29T23:59:59.999Z'],
    ['2027-03-31T18:00Z', '2027-03-31T18:00:00.000Z'],
    ['2027-03-31T18:00:30+02:00', '2027-03-31T16:00:30.000Z'],
    ['2027-03-31T18:00:30.5Z', '2027-03-31T18:00:30.500Z'],
    [new Date('2027-03-31'), '2027-03-31T00:00:00.000Z'],
  ])('of %p is %s', (given, instant) => {
    expect(lastInstantOf(given)).toBe(Date.parse(instant));
  });

  test.each<[unknown]>([
    ['1'],
    [''],
    ['2027'],
    ['2027-03'],
    ['2027-02-31'],
    ['2027-02-29'],
    ['2027-02-31T00:00:00Z'],
    ['2027-13-01'],
    ['2027-00-10'],
    ['2027-03-31T24:00:00Z'],
    ['2027-03-31T18:61:00Z'],
    ['2027-03-31T18:00:00'],
    ['2027-03-31 18:00:00Z'],
    ['31.3.2027'],
    ['March 31, 2027'],
    [new Date('soon')],
    [7],
    [null],
    [undefined],
  ])('of %p is none', (given) => {
    expect(lastInstantOf(given)).toBeUndefined();
  });
});
