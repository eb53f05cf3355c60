import type { BuiltInSlug, ProblemType } from './types';

/** The IANA registry of HTTP problem types (RFC 9457 §4.2). */
export const ianaBase = 'https://iana.org/assignments/http-problem-types#';

/** What the built-in types share: they are short here, and their pages are written in `/docs`. */
type BuiltInType = Pick<ProblemType, 'status' | 'title'>;

/** Registered by draft-ietf-httpapi-ratelimit-headers, with the member `violated-policies`. */
export const ianaTypes: Readonly<Record<string, BuiltInType>> = {
  'quota-exceeded': { status: 429, title: 'Quota exceeded' },
  'temporary-reduced-capacity': { status: 503, title: 'Temporarily reduced capacity' },
  'abnormal-usage-detected': { status: 429, title: 'Abnormal usage detected' },
} satisfies Partial<Record<BuiltInSlug, BuiltInType>>;

/** draft-ietf-httpapi-idempotency-key-header (Error Scenarios). Their URIs are below the application's base. */
export const idempotencyTypes: Readonly<Record<string, BuiltInType>> = {
  'idempotency-key-missing': { status: 400, title: 'Idempotency-Key is missing' },
  'idempotency-key-reused': { status: 422, title: 'Idempotency-Key is already used' },
  'idempotency-key-in-flight': { status: 409, title: 'A request is outstanding for this Idempotency-Key' },
} satisfies Partial<Record<BuiltInSlug, BuiltInType>>;
