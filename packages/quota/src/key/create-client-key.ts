import { checkOptions, describeValue, expects, warnOnce } from '@unite/shared';
import { keyOfAddress } from './address-key';
import { forwardedEntries } from './forwarded-entries';
import { forwardedFor } from './forwarded-for';
import type { ClientHeaders, ClientKey, ClientKeyOptions, ClientSource } from './key-types';
import { type Address, parseAddress } from './parse-address';
import { maxProxies, proxyTrust, trustedProxiesCheck } from './proxy-trust';

/** What has no address shares one key: a limit may then be too strict, but is never off. */
const unknownKey = 'unknown';

/**
 * Makes the function that says which client a request is from, for limits by address.
 *
 * The header is read from the right, where the proxies append: the first address that is not trusted is the client.
 * What is left of it may be forged, and is not looked at. Where nothing follows, or something unreadable, the client
 * is the last one that was vouched for, at worst the peer. A peer that is not known (Next.js, a Unix socket) counts
 * as the first proxy: such a server must be reachable by the proxies alone.
 *
 * @throws TypeError for options that are none
 * @example
 * const clientKey = createClientKey({ trustedProxies: ['loopback', 'private'] });
 * clientKey(request); // Node, Express
 * clientKey({ headers: request.headers, remoteAddress }); // Web
 */
export function createClientKey(options: ClientKeyOptions = {}): ClientKey {
  checkOptions('createClientKey', options, {
    trustedProxies: trustedProxiesCheck,
    header: expects(
      'the name of a header',
      (value) => typeof value === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(value),
    ),
    ipv6PrefixLength: prefixLengthUpTo(128),
    ipv4PrefixLength: prefixLengthUpTo(32),
  });
  const { trustedProxies = 'none' } = options;
  const header = (options.header ?? 'x-forwarded-for').toLowerCase();
  const isTrusted = proxyTrust(trustedProxies);
  const counts = { malformed: 0, ignored: 0, unknown: 0 };

  return Object.assign(clientKey, { statistics: () => ({ ...counts }) });

  function clientKey(source: ClientSource): string {
    if (typeof source?.headers !== 'object' || source.headers === null) {
      throw new TypeError(`clientKey: source must have headers, got ${describeValue(source)}`);
    }
    const address = clientAddress(source);
    if (address) return keyOfAddress(address, options);
    counts.unknown += 1;
    warnOnce('UNITE_QUOTA_ADDRESS_UNKNOWN', unknownText);
    return unknownKey;
  }

  function clientAddress({ headers, remoteAddress, socket }: ClientSource): Address | undefined {
    const peerText = remoteAddress ?? socket?.remoteAddress;
    const peer = peerText ? readAddress(peerText) : undefined;
    if (trustedProxies === 'none') lookForIgnored(headers);
    // A peer that cannot be read is not one that is not known.
    if ((peerText && !peer) || !isTrusted(peer, 0)) return peer;
    let client = peer;
    let position = 0;
    for (const entry of entriesOf(headerText(headers, header))) {
      position += 1;
      const address = readAddress(header === 'forwarded' ? forwardedFor(entry) : entry);
      client = address ?? client;
      if (position === maxProxies || !isTrusted(address, position)) break;
    }
    return client;
  }

  function entriesOf(text: string): Iterable<string> {
    return header === 'x-forwarded-for' || header === 'forwarded'
      ? forwardedEntries(text)
      : [text.trim()].filter(Boolean);
  }

  function readAddress(text: string | undefined): Address | undefined {
    const address = text === undefined ? undefined : parseAddress(text);
    if (address) return address;
    counts.malformed += 1;
    warnOnce('UNITE_QUOTA_ADDRESS_MALFORMED', malformedText(header));
    return undefined;
  }

  function lookForIgnored(headers: ClientHeaders): void {
    const name = ['x-forwarded-for', 'forwarded'].find((each) => headerText(headers, each) !== '');
    if (name === undefined) return;
    counts.ignored += 1;
    warnOnce('UNITE_QUOTA_PROXIES_IGNORED', ignoredText(name));
  }
}

function prefixLengthUpTo(longest: number) {
  return expects(`a whole number from 1 to ${longest}`, (value) => {
    return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= longest;
  });
}

function headerText(headers: ClientHeaders, name: string): string {
  const value = typeof headers.get === 'function' ? headers.get(name) : (headers as PlainHeaders)[name];
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? value : '';
}

type PlainHeaders = Readonly<Record<string, unknown>>;

const unknownText =
  'a request has no usable address: all such requests share one limit. ' +
  'Give createClientKey the remoteAddress, or say with trustedProxies how many proxies stand before this server.';

const malformedText = (header: string): string =>
  `a peer or the header ${header} has something that is no address where a trusted one was expected: ` +
  'the nearest address that could be read counts. Look at trustedProxies and at what the proxies write.';

const ignoredText = (header: string): string =>
  `a request has the header ${header}, and trustedProxies is 'none': behind a proxy all its clients share one limit. ` +
  'Say with trustedProxies which proxies there are, or have the proxy remove the header.';
