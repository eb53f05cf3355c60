import { expects } from '@unite/shared';

/** A check for the address of a receiver. */
export const receiverUrl = expects(
  'an http or https address, such as "http://localhost:4318/v1/traces"',
  (value) => typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value),
);

/**
 * An address without a path is taken for the base of a receiver, below which traces go to `v1/traces`
 * (OpenTelemetry Protocol Exporter, "Endpoint URLs for OTLP/HTTP"). One with a path is used as it is.
 */
export function tracesUrl(address: string): string {
  const url = new URL(address);
  if (url.pathname === '/') url.pathname = '/v1/traces';
  return url.href;
}

/** An address as it may be shown. */
export function shownUrl(address: string): string {
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
