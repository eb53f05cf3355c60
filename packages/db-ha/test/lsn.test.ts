import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endOfLastRecord, formatLsn, parseLsn } from '../src/lsn';

const anyLsn = fc.bigInt(0n, 2n ** 64n - 1n);
const segment = 16n * 1024n * 1024n;

describe('a position as text', () => {
  it('comes back as it was', () => {
    fc.assert(fc.property(anyLsn, (lsn) => parseLsn(formatLsn(lsn)) === lsn));
  });

  it('is what PostgreSQL prints', () => {
    expect(formatLsn(0x3000148n)).toBe('0/3000148');
    expect(formatLsn(0n)).toBe('0/0');
    expect(formatLsn(0x16_b374d848n)).toBe('16/B374D848');
    expect(parseLsn('ffffffff/FFFFFFFF')).toBe(2n ** 64n - 1n);
  });

  it.each([
    '',
    '/',
    '0/',
    '/0',
    '0',
    '0/0/0',
    ' 0/0',
    '0/0\n',
    '0/G',
    '-1/0',
    '123456789/0',
    '0/123456789',
    '0x1/0',
  ])('is not %p', (text) => {
    expect(parseLsn(text)).toBeUndefined();
  });
});

describe('the end of the last record', () => {
  it.each([
    ['inside a page', 0x3000148n, 0x3000148n],
    ['after the header of a page', 0x3002000n + 24n, 0x3002000n],
    ['after the longer header of a segment', 0x3000000n + 40n, 0x3000000n],
    ['40 bytes into a page that begins no segment', 0x3002000n + 40n, 0x3002000n + 40n],
    ['at the border of two pages', 0x3002000n, 0x3002000n],
    ['one record behind the header', 0x3002000n + 32n, 0x3002000n + 32n],
  ])('%s', (_where, insertLsn, end) => {
    expect(endOfLastRecord(insertLsn, segment)).toBe(end);
  });

  it('follows the size of the segments', () => {
    const mebibyte = 1024n * 1024n;
    expect(endOfLastRecord(mebibyte + 40n, mebibyte)).toBe(mebibyte);
    expect(endOfLastRecord(mebibyte + 40n, segment)).toBe(mebibyte + 40n);
  });

  it('leaves out a header and nothing else', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 40n), (records) => {
        const insertLsn = records * 8n;
        const left = insertLsn - endOfLastRecord(insertLsn, segment);
        expect([0n, 24n, 40n]).toContain(left);
        if (left > 0n) expect((insertLsn - left) % 8_192n).toBe(0n);
      }),
    );
  });
});
