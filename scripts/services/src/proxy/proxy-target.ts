import { ServicesError } from '../errors';
import type { ProxyTarget } from './proxy-types';

const defaultPorts: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
  'http:': 80,
  'https:': 443,
};

/**
 * Where the server listens that a URL or an address names.
 *
 * @throws ServicesError `INVALID_OPTION`
 */
export function proxyTarget(target: string | ProxyTarget): ProxyTarget {
  const { host, port } = typeof target === 'string' ? addressIn(target) : target;
  if (typeof host !== 'string' || host === '' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new ServicesError(
      'INVALID_OPTION',
      'startFaultProxy: option "target" must be a URL or an address with a host and a port',
    );
  }
  return { host, port };
}

/**
 * A URL with another host and port.
 *
 * @throws ServicesError `INVALID_OPTION`
 */
export function throughProxy(original: string, { host, port }: ProxyTarget): string {
  const url = urlWithHost(original);
  url.hostname = host;
  url.port = String(port);
  return url.href;
}

function addressIn(text: string): ProxyTarget {
  const { protocol, hostname, port } = urlWithHost(text);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || defaultPorts[protocol]) };
}

/** The text is not repeated in the error, because it may hold a password. */
function urlWithHost(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname)
    throw new ServicesError('INVALID_OPTION', 'startFaultProxy: not a URL that names a host');
  return url;
}
