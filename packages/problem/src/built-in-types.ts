import type { BuiltInSlug } from './types';

/** The IANA registry of HTTP problem types (RFC 9457 §4.2). */
export const ianaBase = 'https://iana.org/assignments/http-problem-types#';

/** Status of each built-in type. Its title is its slug in words, and its page is written in `/docs`. */
export const builtInTypes: Readonly<Record<BuiltInSlug, number>> = {
  // Registered by draft-ietf-httpapi-ratelimit-headers, with the member `violated-policies`.
  'quota-exceeded': 429,
  'temporary-reduced-capacity': 503,
  'abnormal-usage-detected': 429,
  // draft-ietf-httpapi-idempotency-key-header (Error Scenarios). Their URIs are below the application's base.
  'idempotency-key-missing': 400,
  'idempotency-key-reused': 422,
  'idempotency-key-in-flight': 409,
};
