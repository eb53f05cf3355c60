import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** `[2001:db8::1]`, `[2001:db8::1]:443` or `192.0.2.1:443`. A port may be obfuscated (RFC 7239 §6). */
const withPort = /^(?:\[([^\]]*)\]|([\d.]+)(?=:))(?::(?:\d{1,5}|_[\w.-]+))?$/;

/** Names an interface of this machine (RFC 4007 §11). */
const zone = /%.*$/;

const maxLength = 128;

/**
 * Reads an address; a port, brackets and a zone are dropped. An IPv4-mapped IPv6 address is the IPv4 address
 * (RFC 4291 §2.5.5.2). Short, octal and hexadecimal forms of IPv4 are read differently by different programs: they
 * are none.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length > maxLength) return undefined;
  // What a socket that listens for both says of an IPv4 peer; the short way.
  const plain = text.startsWith('::ffff:') ? text.slice(7) : text;
  if (isIPv4(plain)) return parseIPv4(plain);
  if (isIPv6(text)) return parseIPv6(text);
  const [, bracketed = '', beforePort = ''] = withPort.exec(text) ?? [];
  if (isIPv6(bracketed)) return parseIPv6(bracketed);
  return isIPv4(beforePort) ? parseIPv4(beforePort) : undefined;
}

function parseIPv4(text: string): Address {
  return new ipaddr.IPv4(text.split('.').map(Number));
}

function parseIPv6(text: string): Address {
  const address = ipaddr.IPv6.parse(withoutDots(text.replace(zone, '')));
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** `::ffff:192.0.2.1` is `::ffff:c000:201`. */
function withoutDots(text: string): string {
  if (!text.includes('.')) return text;
  const at = text.lastIndexOf(':') + 1;
  const [a = 0, b = 0, c = 0, d = 0] = text.slice(at).split('.').map(Number);
  return `${text.slice(0, at)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
