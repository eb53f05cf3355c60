import type { IncomingRequest } from '../../src/response/response-types';

/** A request as the adapters pass it; header names in lower case. */
export function requestOf(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): IncomingRequest {
  return { method, authority: [], url, params: {}, header: (name) => headers[name] };
}
