/**
 * Who stands before the server and says truly where a request came from:
 *
 * - `none`: nobody; forwarded headers are ignored.
 * - a number from 1 to 32: so many proxies, each of which appends the address that it saw. Count them right: with one
 *   too many the client itself says who it is.
 * - addresses and CIDR ranges: `['loopback', '203.0.113.0/24']`. The names are `loopback` (127.0.0.0/8, ::1),
 *   `linkLocal` (169.254.0.0/16, fe80::/10) and `private` (RFC 1918, fc00::/7).
 */
export type TrustedProxies = 'none' | number | readonly string[];

/** How much of an address is one client. */
export interface AddressPrefixes {
  /**
   * Bits of an IPv6 address, from 1 to 128. A subscriber has at least a /64, and would pass any finer limit by taking
   * another address of it; many have a /56, some a /48.
   *
   * @default 64
   */
  readonly ipv6PrefixLength?: number | undefined;
  /** Bits of an IPv4 address, from 1 to 32. @default 32 */
  readonly ipv4PrefixLength?: number | undefined;
}

/** Options of `createClientKey`. */
export interface ClientKeyOptions extends AddressPrefixes {
  /** @default 'none' */
  readonly trustedProxies?: TrustedProxies | undefined;
  /**
   * Where the proxies write the address: the lists `x-forwarded-for` and `forwarded` (RFC 7239), or any header that
   * has one address and that the last proxy always sets itself, such as `cf-connecting-ip`, `fly-client-ip` or
   * `x-real-ip`.
   *
   * @default 'x-forwarded-for'
   */
  readonly header?: string | undefined;
}

/** Headers of the Web, or of Node with its names in lower case. */
export type ClientHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a client is told by: a Node or Express request as it is, or headers with the address of the peer. */
export interface ClientSource {
  readonly headers: ClientHeaders;
  /** Who has connected. Next.js does not say; a Unix socket has none. @default `socket.remoteAddress` */
  readonly remoteAddress?: string | undefined;
  readonly socket?: { readonly remoteAddress?: string | undefined } | null | undefined;
}

/** Counts since the start. */
export interface ClientKeyStatistics {
  /** Addresses, where a trusted one was expected, that are none: the nearest readable one was taken. */
  readonly malformed: number;
  /** Requests with forwarded headers while `trustedProxies` is `none`. */
  readonly ignored: number;
  /** Requests without any usable address: they share the key `unknown`. */
  readonly unknown: number;
}

/** Made by `createClientKey`. */
export interface ClientKey {
  /** `192.0.2.1`, `2001:db8:1:2::/64` or `unknown`; at most 43 characters. Never throws for what a client sent. */
  (source: ClientSource): string;
  statistics(): ClientKeyStatistics;
}
