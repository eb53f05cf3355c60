import ipaddr from 'ipaddr.js';
import type { AddressPrefixes } from './key-types';
import { type Address, parseAddress } from './parse-address';

/**
 * The key of one address: `192.0.2.1`, or the network where it is one of many: `2001:db8:1:2::/64`.
 *
 * Addresses that stand for an IPv4 address are that address: IPv4-mapped, NAT64 (64:ff9b::/96, where all of IPv4 would
 * be one /64) and 6to4 (2002::/16, where one IPv4 address has 65,536 of them).
 *
 * @param text with or without port, brackets and zone
 * @returns `undefined` for what is no address
 * @example
 * addressKey('[2001:db8:1:2:3:4:5:6]:443'); // '2001:db8:1:2::/64'
 */
export function addressKey(text: string, prefixes: AddressPrefixes = {}): string | undefined {
  const address = parseAddress(text);
  return address && keyOfAddress(address, prefixes);
}

export function keyOfAddress(
  address: Address,
  { ipv6PrefixLength = 64, ipv4PrefixLength = 32 }: AddressPrefixes,
): string {
  const plain = address instanceof ipaddr.IPv6 ? (embeddedAddress(address) ?? address) : address;
  if (plain instanceof ipaddr.IPv4) {
    const network = new ipaddr.IPv4(masked(plain.octets, 8, ipv4PrefixLength));
    return ipv4PrefixLength === 32 ? network.toString() : `${network}/${ipv4PrefixLength}`;
  }
  const network = new ipaddr.IPv6(masked(plain.parts, 16, ipv6PrefixLength)).toRFC5952String();
  return ipv6PrefixLength === 128 ? network : `${network}/${ipv6PrefixLength}`;
}

const nat64 = ipaddr.IPv6.parse('64:ff9b::');

function embeddedAddress(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const bytes = address.toByteArray();
  // RFC 6052 §2.2
  if (address.match(nat64, 96)) return new ipaddr.IPv4(bytes.slice(12));
  // RFC 3056 §2
  return address.parts[0] === 0x2002 ? new ipaddr.IPv4(bytes.slice(2, 6)) : undefined;
}

/** The first `length` bits of a number in parts. */
function masked(parts: readonly number[], partBits: number, length: number): number[] {
  return parts.map((part, index) => {
    const dropped = Math.min(partBits, Math.max(0, (index + 1) * partBits - length));
    return (part >> dropped) << dropped;
  });
}
