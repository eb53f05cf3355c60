import type { Attributes } from '@opentelemetry/api';
import type { UniteContext } from '@unite/core';
import { knownMethod } from './known-method';
import type { ServerRequest } from './server-span';

/** Longest text that a client may put on a span by one header or its path, in UTF-16 units. */
const maxLength = 256;
const maxPathLength = 1_024;

/**
 * What a server span says of its request, by the stable HTTP semantic conventions. The query is left out: it holds
 * what people search for, and tokens.
 */
export function requestAttributes(
  { method, path, scheme, host, userAgent }: ServerRequest,
  unite: UniteContext | undefined,
): Attributes {
  const known = knownMethod(method);
  return {
    'http.request.method': known,
    'http.request.method_original': known === method ? undefined : method.slice(0, maxLength),
    'url.path': path.slice(0, maxPathLength),
    'url.scheme': scheme,
    ...serverAddress(host?.slice(0, maxLength)),
    'user_agent.original': userAgent?.slice(0, maxLength),
    ...contextAttributes(unite),
  };
}

/** Whose request it is. */
export function contextAttributes(unite: UniteContext | undefined): Attributes {
  return {
    'unite.request_id': unite?.requestId,
    'unite.tenant_id': unite?.tenantId,
    'unite.plan': unite?.plan,
  };
}

/** `host:port`, where an IPv6 address stands in brackets (RFC 3986 §3.2.2). */
function serverAddress(host: string | undefined): Attributes {
  const [, address, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(host ?? '') ?? [];
  if (!address) return {};
  return { 'server.address': address, 'server.port': port === undefined ? undefined : Number(port) };
}
