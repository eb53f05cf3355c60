import type { CsrfHeaders } from './csrf-types';

/** A header's value; `undefined` where it is absent or empty. Of several, all with commas, as `Headers` has them. */
export function headerOf(headers: CsrfHeaders, name: string): string | undefined {
  const value = isHeaders(headers) ? headers.get(name) : headers[name];
  return (typeof value === 'object' ? value?.join(', ') : value) || undefined;
}

function isHeaders(headers: CsrfHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}
