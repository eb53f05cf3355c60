import { isIP } from 'node:net';
import { describeValue } from '@unite/shared';
import type { TrustedProxies } from './key-types';
import { type Address, parseAddress } from './parse-address';

/**
 * Whether what stands there says truly whom it has heard. Position 0 is the peer, 1 the rightmost address of the
 * header. `undefined` is no address: a peer that is not known, or something unreadable.
 */
export type ProxyTrust = (address: Address | undefined, position: number) => boolean;

/** More proxies than that stand before nobody, and bound the work. */
export const maxProxies = 32;

const names: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1'],
  linkLocal: ['169.254.0.0/16', 'fe80::/10'],
  // RFC 1918 §3, RFC 4193 §3.1
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

const demand = `'none', a number of proxies from 1 to ${maxProxies}, or a list of addresses, of CIDR ranges longer than /0 and of ${Object.keys(names).join(', ')}`;

/** The option's check. */
export function trustedProxiesCheck(value: unknown): string | undefined {
  if (!Array.isArray(value)) return value === 'none' || isProxyCount(value) ? undefined : demand;
  if (value.length === 0) return demand;
  const wrong = value.filter((one) => typeof one !== 'string' || !rangesOf(one).every(Boolean));
  return wrong.length === 0 ? undefined : `${demand} (${describeValue(wrong[0])} is none of them)`;
}

export function proxyTrust(trusted: TrustedProxies): ProxyTrust {
  if (trusted === 'none') return () => false;
  if (typeof trusted === 'number') return (_address, position) => position < trusted;
  const ranges = trusted.flatMap(rangesOf).filter((range) => range !== undefined);
  return (address, position) => (address ? ranges.some((range) => isWithin(address, range)) : position === 0);
}

type Range = readonly [network: Address, prefixLength: number];

function isProxyCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= maxProxies;
}

function rangesOf(text: string): readonly (Range | undefined)[] {
  return (Object.hasOwn(names, text) ? names[text] : undefined)?.map(parseRange) ?? [parseRange(text)];
}

/** Nobody may trust the whole world (/0): the leftmost address, which anybody can write, would be the client. */
function parseRange(text: string): Range | undefined {
  const [start = '', length, ...rest] = text.split('/');
  const network = isIP(start) ? parseAddress(start) : undefined;
  if (!network || rest.length > 0) return undefined;
  const bits = network.kind() === 'ipv4' ? 32 : 128;
  if (length === undefined) return [network, bits];
  // The length of an IPv4-mapped range counts other bits than the address that it becomes.
  const isMapped = isIP(start) === 6 && bits === 32;
  if (isMapped || !/^\d{1,3}$/.test(length)) return undefined;
  const prefixLength = Number(length);
  return prefixLength >= 1 && prefixLength <= bits ? [network, prefixLength] : undefined;
}

function isWithin(address: Address, [network, prefixLength]: Range): boolean {
  return address.kind() === network.kind() && address.match(network, prefixLength);
}
