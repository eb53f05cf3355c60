import type { CsrfHeaders } from './csrf-types';

/**
 * A header's value; `undefined` where it is absent or empty. Of several, all with commas, as `Headers` has them. Names
 * have no case (RFC 9110 §5.1), in plain objects either: one that is not found would be as good as not sent.
 */
export function headerOf(headers: CsrfHeaders, name: string): string | undefined {
  if (isHeaders(headers)) return headers.get(name) || undefined;
  const values = Object.keys(headers).flatMap((key) =>
    key.toLowerCase() === name ? (headers[key] ?? []) : [],
  );
  return values.join(', ') || undefined;
}

function isHeaders(headers: CsrfHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}
