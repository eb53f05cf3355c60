import { isIP } from 'node:net';

/** A URL that may hold a password, taken apart. */
export interface ServiceUrl {
  readonly url: URL;
  readonly host: string;
  readonly port: number;
}

/**
 * Reads the URL of a service, and never shows it.
 *
 * @throws TypeError for what is none, or is of another protocol
 */
export function serviceUrl(
  owner: string,
  text: unknown,
  ports: Readonly<Record<string, number>>,
): ServiceUrl {
  const wanted = Object.keys(ports)
    .map((protocol) => `${protocol}//…`)
    .join(' or ');
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  const port = url && ports[url.protocol];
  if (!url || port === undefined || url.hostname === '') {
    throw new TypeError(`${owner}: the URL must be ${wanted} with a host`);
  }
  // An address of IPv6 stands in brackets.
  return { url, host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || port };
}

/** A name for the server to be asked for; an address is none (RFC 6066 §3). */
export function servernameOf(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}
