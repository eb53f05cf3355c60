import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, test } from '@jest/globals';
import express from 'express';
import fc from 'fast-check';
import { type ClientKeyOptions, type ClientSource, createClientKey } from '../../src/key';
import { collectWarnings } from '../support/collect-warnings';

const proxy = '10.0.0.1';

/** The key of a request with this `X-Forwarded-For`, or another header, through a proxy at `10.0.0.1`. */
function keyOf(
  options: ClientKeyOptions,
  value: string | readonly string[] | undefined,
  remoteAddress: string | undefined = proxy,
): string {
  const headers = value === undefined ? {} : { [options.header?.toLowerCase() ?? 'x-forwarded-for']: value };
  return createClientKey(options)({ headers, remoteAddress });
}

describe('without trusted proxies', () => {
  it('looks at nothing but the peer', () => {
    expect(keyOf({}, '192.0.2.1', '198.51.100.7')).toBe('198.51.100.7');
    expect(keyOf({ trustedProxies: 'none' }, '192.0.2.1', '::ffff:198.51.100.7')).toBe('198.51.100.7');
  });

  it.each(['x-forwarded-for', 'forwarded'])('says once that %s comes and is ignored', (name) => {
    const clientKey = createClientKey({});
    const warnings = collectWarnings(() => {
      for (const value of ['192.0.2.1', '192.0.2.2']) {
        clientKey({ headers: { [name]: value }, remoteAddress: proxy });
      }
      clientKey({ headers: {}, remoteAddress: proxy });
    });
    expect(warnings).toEqual(['UNITE_QUOTA_PROXIES_IGNORED']);
    expect(clientKey.statistics()).toEqual({ malformed: 0, ignored: 2, unknown: 0 });
  });
});

describe('with a number of proxies', () => {
  test.each([
    [1, '192.0.2.1', '192.0.2.1'],
    [1, '6.6.6.6, 192.0.2.1', '192.0.2.1'],
    [2, '6.6.6.6, 192.0.2.1, 10.0.0.2', '192.0.2.1'],
    [2, ['6.6.6.6', '192.0.2.1, 10.0.0.2'], '192.0.2.1'],
    [3, '6.6.6.6,192.0.2.1,10.0.0.3,10.0.0.2', '192.0.2.1'],
    // What is missing: the last that was vouched for, which is never what the client wrote.
    [1, undefined, proxy],
    [1, '', proxy],
    [1, ' , ,', proxy],
    [3, '192.0.2.1', '192.0.2.1'],
    [2, '6.6.6.6, unknown', '6.6.6.6'],
    [2, 'unknown, 10.0.0.2', '10.0.0.2'],
    [1, '6.6.6.6, 127.1', proxy],
    [1, '6.6.6.6,, 192.0.2.1, ', '192.0.2.1'],
    [1, '6.6.6.6,\t192.0.2.1\t', '192.0.2.1'],
    [1, '6.6.6.6, [2001:db8:1:2::3]:99', '2001:db8:1:2::/64'],
    [1, '", 192.0.2.1', '192.0.2.1'],
    [1, '\\", 192.0.2.1', '192.0.2.1'],
  ])('%p of %p', (trustedProxies, value, key) => {
    expect(keyOf({ trustedProxies }, value)).toBe(key);
  });

  it('counts the header alone where there is no peer', () => {
    const clientKey = createClientKey({ trustedProxies: 2 });
    const headers = new Headers({ 'X-Forwarded-For': '6.6.6.6, 192.0.2.1, 10.0.0.2' });
    expect(clientKey({ headers })).toBe('192.0.2.1');
    expect(clientKey(new Request('http://localhost/', { headers }))).toBe('192.0.2.1');
  });
});

describe('with a list of proxies', () => {
  const trustedProxies = ['private', 'loopback', '203.0.113.0/24', '2001:db8:ffff::/48'];
  test.each([
    ['192.0.2.1', proxy, '192.0.2.1'],
    ['6.6.6.6, 192.0.2.1', proxy, '192.0.2.1'],
    ['6.6.6.6, 192.0.2.1, 203.0.113.9, 127.0.0.1', proxy, '192.0.2.1'],
    ['6.6.6.6, 192.0.2.1, 2001:db8:ffff::1', '::1', '192.0.2.1'],
    ['6.6.6.6, 192.0.2.1', '::ffff:10.0.0.1', '192.0.2.1'],
    ['6.6.6.6, 192.0.2.1', 'fd00::1', '192.0.2.1'],
    // Nobody vouches for what comes straight from outside.
    ['6.6.6.6', '192.0.2.1', '192.0.2.1'],
    ['6.6.6.6', '2001:db8:fffe::1', '2001:db8:fffe::/64'],
    // All are proxies: the last of them.
    ['10.0.0.3, 10.0.0.2', proxy, '10.0.0.3'],
    [undefined, proxy, proxy],
    ['6.6.6.6, garbage, 10.0.0.2', proxy, '10.0.0.2'],
    ['6.6.6.6, garbage', proxy, proxy],
    ['6.6.6.6, 010.0.0.2', proxy, proxy],
    // An IPv4 address within IPv6 is somebody else's, not the proxy.
    ['6.6.6.6, 2002:a00:1::1', proxy, '10.0.0.1'],
    ['6.6.6.6', '64:ff9b::10.0.0.1', '10.0.0.1'],
  ])('%p through %p', (value, peer, key) => {
    expect(keyOf({ trustedProxies }, value, peer)).toBe(key);
  });

  test.each([
    ['linkLocal', '169.254.1.1', true],
    ['linkLocal', 'fe80::1%eth0', true],
    ['linkLocal', '10.0.0.1', false],
    ['private', '172.31.255.255', true],
    ['private', '172.32.0.0', false],
    ['private', '192.168.0.1', true],
    ['loopback', '127.255.0.1', true],
    ['loopback', '::2', false],
    ['::ffff:203.0.113.9', '203.0.113.9', true],
    ['203.0.113.9', '203.0.113.8', false],
    ['64:ff9b::/96', '64:ff9b::1.2.3.4', true],
    ['fc00::/7', '10.0.0.1', false],
  ])('%p and %p', (range, peer, isTrusted) => {
    expect(keyOf({ trustedProxies: [range] }, '192.0.2.1', peer) === '192.0.2.1').toBe(isTrusted);
  });

  it('takes a peer that is not known for the first proxy, and one that cannot be read for nobody', () => {
    const clientKey = createClientKey({ trustedProxies });
    const headers = { 'x-forwarded-for': '6.6.6.6, 192.0.2.1, 10.0.0.2' };
    expect(clientKey({ headers })).toBe('192.0.2.1');
    expect(clientKey({ headers, remoteAddress: '' })).toBe('192.0.2.1');
    expect(clientKey({ headers, remoteAddress: 'garbage' })).toBe('unknown');
  });

  it('looks at so many and no more', () => {
    const proxies = Array.from({ length: 10_000 }, (_, at) => `10.0.${at >> 8}.${at & 255}`);
    expect(keyOf({ trustedProxies }, proxies.join())).toBe(proxies.at(-32));
  });
});

describe('Forwarded (RFC 7239)', () => {
  const options = { trustedProxies: 1, header: 'Forwarded' };
  test.each([
    ['for=192.0.2.1', '192.0.2.1'],
    ['For=192.0.2.1', '192.0.2.1'],
    ['for="192.0.2.1:4711"', '192.0.2.1'],
    ['for="[2001:db8:1:2::17]:4711"', '2001:db8:1:2::/64'],
    ['for="[2001:db8:1:2::17]"', '2001:db8:1:2::/64'],
    ['for=[2001:db8:1:2::17]:4711', '2001:db8:1:2::/64'],
    ['for="192.0.2.1:_hidden"', '192.0.2.1'],
    ['for="\\192.0.2.1"', '192.0.2.1'],
    ['proto=http;by=203.0.113.43 ; for=192.0.2.1;', '192.0.2.1'],
    ['for=6.6.6.6, for=192.0.2.1;proto=https', '192.0.2.1'],
    // What a client wrote does not reach into what the proxy wrote, nor from it, where that has quotes.
    ['for="6.6.6.6, for=192.0.2.1', '192.0.2.1'],
    ['for=6.6.6.6;x="\\, for=192.0.2.1', '192.0.2.1'],
    ['for=192.0.2.1;host="a, for=6.6.6.6;b"', '192.0.2.1'],
    ['for=192.0.2.1;host="a\\", for=6.6.6.6"', '192.0.2.1'],
    ['for=192.0.2.1;host="a\\", for=6.6.6.6;x=\\""', '192.0.2.1'],
    ['for=192.0.2.1;host="a\\\\"', '192.0.2.1'],
    ['for=6.6.6.6, for=192.0.2.1;a="\\\\";b="\\\\"', '192.0.2.1'],
    ['for=6.6.6.6, for=192.0.2.1;host=";for=6.6.6.6"', '192.0.2.1'],
    ['for=unknown', proxy],
    ['for=_hidden', proxy],
    ['by=192.0.2.1', proxy],
    ['192.0.2.1', proxy],
    ['for=192.0.2.1;for=6.6.6.6', proxy],
    ['for =192.0.2.1', proxy],
    ['for="192.0.2.1', proxy],
    ['for=', proxy],
    [`for=192.0.2.1;host=${'a'.repeat(8_000)}`, proxy],
  ])('%p', (value, key) => {
    expect(keyOf(options, value)).toBe(key);
  });

  it('passes over what a trusted proxy hides', () => {
    const clientKey = createClientKey({ trustedProxies: 2, header: 'forwarded' });
    expect(clientKey({ headers: { forwarded: 'for=6.6.6.6, for=192.0.2.1, for=_a' } })).toBe('192.0.2.1');
  });
});

describe('a header with one address', () => {
  test.each(['cf-connecting-ip', 'X-Real-IP', 'fly-client-ip'])('%s', (header) => {
    for (const trustedProxies of [1, 2, ['private']]) {
      expect(keyOf({ trustedProxies, header }, ' 192.0.2.1 ')).toBe('192.0.2.1');
      expect(keyOf({ trustedProxies, header }, undefined)).toBe(proxy);
      expect(keyOf({ trustedProxies, header }, ['6.6.6.6', '192.0.2.1'])).toBe(proxy);
    }
    expect(keyOf({ trustedProxies: ['private'], header }, '6.6.6.6', '192.0.2.1')).toBe('192.0.2.1');
  });
});

describe('what has no address', () => {
  it('shares one key, which is counted and said once', () => {
    const clientKey = createClientKey({ trustedProxies: 1 });
    const warnings = collectWarnings(() => {
      expect(clientKey({ headers: {} })).toBe('unknown');
      expect(clientKey({ headers: new Headers(), socket: null })).toBe('unknown');
      expect(clientKey({ headers: { 'x-forwarded-for': 42 } as never })).toBe('unknown');
    });
    expect(warnings).toEqual(['UNITE_QUOTA_ADDRESS_UNKNOWN']);
    expect(clientKey.statistics()).toEqual({ malformed: 0, ignored: 0, unknown: 3 });
  });

  it('is counted where a trusted address was expected', () => {
    const clientKey = createClientKey({ trustedProxies: 1 });
    const warnings = collectWarnings(() => {
      for (const value of ['garbage', '0x7f.1', '6.6.6.6, \u0661.2.3.4']) {
        clientKey({ headers: { 'x-forwarded-for': value }, remoteAddress: proxy });
      }
    });
    expect(warnings).toEqual(['UNITE_QUOTA_ADDRESS_MALFORMED']);
    expect(clientKey.statistics().malformed).toBe(3);
  });
});

test.each([undefined, null, {}, { headers: null }, { headers: 'x' }])('%p is no source', (source) => {
  expect(() => createClientKey()(source as never)).toThrow(/clientKey: source must have headers/);
});

test.each([
  [{ trustedProxies: true }, /"trustedProxies" must be 'none', a number of proxies from 1 to 32.*got true/],
  [{ trustedProxies: 0 }, /trustedProxies/],
  [{ trustedProxies: 1.5 }, /trustedProxies/],
  [{ trustedProxies: 33 }, /trustedProxies/],
  [{ trustedProxies: 'loopback' }, /trustedProxies/],
  [{ trustedProxies: [] }, /trustedProxies/],
  [{ trustedProxies: [1] }, /trustedProxies/],
  [{ trustedProxies: ['localnet'] }, /trustedProxies/],
  [{ trustedProxies: ['toString'] }, /trustedProxies/],
  [{ trustedProxies: ['0.0.0.0/0'] }, /longer than \/0/],
  [{ trustedProxies: ['::/0'] }, /longer than \/0/],
  [{ trustedProxies: ['10.0.0.0/33'] }, /trustedProxies/],
  [{ trustedProxies: ['10.0/8'] }, /trustedProxies/],
  [{ trustedProxies: ['10.0.0.1:80'] }, /trustedProxies/],
  [{ trustedProxies: ['[::1]'] }, /trustedProxies/],
  [{ trustedProxies: ['10.0.0.0/'] }, /trustedProxies/],
  [{ trustedProxies: ['10.0.0.0/8/8'] }, /trustedProxies/],
  [{ trustedProxies: ['10.0.0.0/0x8'] }, /trustedProxies/],
  [{ trustedProxies: ['::1/129'] }, /trustedProxies/],
  [{ trustedProxies: ['::ffff:10.0.0.0/104'] }, /trustedProxies/],
  [{ trustedProxies: ['::ffff:10.0.0.0/24'] }, /trustedProxies/],
  [{ trustedProxies: ['loopback', ' 10.0.0.1'] }, /trustedProxies/],
  [{ header: '' }, /"header" must be the name of a header, got ""/],
  [{ header: 'x forwarded' }, /header/],
  [{ header: 7 }, /header/],
  [{ ipv6PrefixLength: 0 }, /"ipv6PrefixLength" must be a whole number from 1 to 128, got 0/],
  [{ ipv6PrefixLength: 129 }, /ipv6PrefixLength/],
  [{ ipv6PrefixLength: '64' }, /ipv6PrefixLength/],
  [{ ipv4PrefixLength: 33 }, /"ipv4PrefixLength" must be a whole number from 1 to 32, got 33/],
  [{ trustedProxy: 1 }, /unknown option "trustedProxy"/],
])('%p is refused', (options, message) => {
  expect(() => createClientKey(options as ClientKeyOptions)).toThrow(message);
});

describe('for any headers', () => {
  const junk = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary', maxLength: 8_000 }),
    fc.stringMatching(/^[\d.,:; "\\[\]a-f=]*$/),
    fc.constantFrom('"', '\\"', ',', '""', 'for="', 'for="\\', '6.6.6.6', '2001:db8::1', '10.0.0.9'),
  );
  const option = fc.record({
    trustedProxies: fc.constantFrom(1, 2, 3, 32, ['private'], ['loopback', 'private', '203.0.113.0/24']),
    header: fc.constantFrom('x-forwarded-for', 'forwarded', 'x-real-ip'),
    ipv6PrefixLength: fc.integer({ min: 1, max: 128 }),
  });

  it('never throws, and gives a key of at most 43 characters', () => {
    fc.assert(
      fc.property(option, junk, fc.option(junk, { nil: undefined }), (options, value, remoteAddress) => {
        const key = createClientKey(options)({ headers: { [options.header]: value }, remoteAddress });
        expect(key).toMatch(/^(unknown|[\da-f.:]{2,39}(\/\d{1,3})?)$/);
      }),
    );
  });

  it('a client cannot change its key by what it sends', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6()).filter((text) => !/^(10|172|192|127|f|::|0)/i.test(text));
    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 2 }), junk, (client, inner, sent) => {
        const chain = [client, ...Array.from({ length: inner }, (_, at) => `10.0.0.${at + 2}`)];
        for (const trustedProxies of [inner + 1, ['private']]) {
          const keys = [undefined, sent].map((forged) => {
            return keyOf(
              { trustedProxies },
              [forged, ...chain].filter((one) => one !== undefined).join(', '),
            );
          });
          const forwarded = [undefined, sent].map((forged) => {
            const elements = chain.map((one) => `for="${one.includes(':') ? `[${one}]` : one}"`);
            const value = [forged, ...elements].filter((one) => one !== undefined).join(', ');
            return keyOf({ trustedProxies, header: 'forwarded' }, value);
          });
          expect(new Set([...keys, ...forwarded]).size).toBe(1);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('a request of Node and of Express is a source as it is', async () => {
  const clientKey = createClientKey({ trustedProxies: ['loopback'] });
  const app = express();
  app.use((request, response) => void response.end(clientKey(request)));
  for (const listener of [
    app,
    (request: ClientSource, response: { end(text: string): unknown }) => {
      response.end(clientKey(request));
    },
  ]) {
    const server = createServer(listener as never);
    await new Promise<void>((resolve) => server.listen(0, resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}`, {
      headers: { 'X-Forwarded-For': '6.6.6.6, 192.0.2.1' },
    });
    expect(await answer.text()).toBe('192.0.2.1');
    await new Promise((resolve) => server.close(resolve));
  }
});
