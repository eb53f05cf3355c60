import { isIPv6 } from 'node:net';
import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { addressKey } from '../../src/key';

describe('one address has one key, however it is written', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:8080', '192.0.2.1'],
    ['192.0.2.1:_hidden', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:c000:201', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:443', '192.0.2.1'],
    ['64:ff9b::192.0.2.1', '192.0.2.1'],
    ['64:ff9b::c000:201', '192.0.2.1'],
    ['2002:c000:201::1', '192.0.2.1'],
    ['2002:c000:201:ffff::1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::6]', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::6]:443', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:0000:0000:0000:0006', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['[fe80::1%25eth0]:80', 'fe80::/64'],
    ['fe80::1%a:b', 'fe80::/64'],
    ['::1', '::/64'],
    ['::192.0.2.1', '::/64'],
    ['64:ff9b:1::192.0.2.1', '64:ff9b:1::/64'],
  ])('%s → %s', (text, key) => {
    expect(addressKey(text)).toBe(key);
  });
});

describe('what different programs read differently is no address', () => {
  test.each([
    '',
    '010.1',
    '010.0.0.1',
    '0x7f.1',
    '0x7f.0.0.1',
    '127.1',
    '2130706433',
    '192.0.2.256',
    '192.0.2.1.',
    '192.0.2.1/32',
    ' 192.0.2.1',
    '192.0.2.1:',
    '192.0.2.1:123456',
    '192.0.2.1%eth0',
    '[192.0.2.1]',
    '[2001:db8::1',
    '2001:db8::1]',
    '[]:80',
    '[]',
    '::ffff:010.0.0.1',
    '::ffff:127.1',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '١٩٢.0.2.1',
    '192。0。2。1',
    '192.0.2.1\u0000',
    'unknown',
    '_hidden',
    'localhost',
    `${'0'.repeat(1_000)}1.0.0.1`,
    `[2001:db8::1%${'x'.repeat(200)}]`,
  ])('%p', (text) => {
    expect(addressKey(text)).toBeUndefined();
  });
});

test.each([
  [56, '2001:db8:1:ff12::1', '2001:db8:1:ff00::/56'],
  [48, '2001:db8:1:ff12::1', '2001:db8:1::/48'],
  [1, 'ffff::', '8000::/1'],
  [127, '2001:db8:1111:2222:3333:4444:5555:7777', '2001:db8:1111:2222:3333:4444:5555:7776/127'],
  [128, '2001:db8::1', '2001:db8::1'],
])('an IPv6 prefix of %p', (ipv6PrefixLength, text, key) => {
  expect(addressKey(text, { ipv6PrefixLength })).toBe(key);
});

test.each([
  [24, '192.0.2.77', '192.0.2.0/24'],
  [20, '192.0.255.77', '192.0.240.0/20'],
  [1, '200.1.2.3', '128.0.0.0/1'],
  [24, '::ffff:192.0.2.77', '192.0.2.0/24'],
])('an IPv4 prefix of %p', (ipv4PrefixLength, text, key) => {
  expect(addressKey(text, { ipv4PrefixLength })).toBe(key);
});

const groups = (count: number) =>
  fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
    minLength: count,
    maxLength: count,
  });
const asText = (parts: readonly number[]): string => parts.map((part) => part.toString(16)).join(':');

describe('for any address', () => {
  it('takes all of a /64 for one client', () => {
    fc.assert(
      fc.property(groups(4), groups(4), groups(4), (network, one, other) => {
        fc.pre(network.some((part) => part !== 0) && network[0] !== 0x64);
        expect(addressKey(asText([...network, ...one]))).toBe(addressKey(asText([...network, ...other])));
      }),
    );
  });

  it('tells two networks apart', () => {
    fc.assert(
      fc.property(groups(4), groups(4), (one, other) => {
        fc.pre(asText(one) !== asText(other) && one[0] !== 0x2002 && other[0] !== 0x2002);
        expect(addressKey(`${asText(one)}::`)).not.toBe(addressKey(`${asText(other)}::`));
      }),
    );
  });

  it('writes IPv6 as the URL standard does', () => {
    fc.assert(
      fc.property(groups(8), (parts) => {
        fc.pre(parts[0] !== 0x2002 && parts[0] !== 0x64 && parts.slice(0, 5).some((part) => part !== 0));
        const text = asText(parts);
        expect(`[${addressKey(text, { ipv6PrefixLength: 128 })}]`).toBe(new URL(`http://[${text}]`).hostname);
      }),
    );
  });

  it('reads whatever Node takes for an address, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.ipV6(), fc.ipV4(), fc.string(), fc.stringMatching(/^\[?[0-9a-f:.%]*\]?(:\d+)?$/)),
        (text) => {
          const key = addressKey(text);
          expect((key ?? '').length).toBeLessThanOrEqual(43);
          if (isIPv6(text)) expect(key).toBeDefined();
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
