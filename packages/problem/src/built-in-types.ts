import type { BuiltInSlug, ProblemType } from './types';

/** Registry of HTTP problem types (RFC 9457 §4.2). */
export const ianaBase = 'https://iana.org/assignments/http-problem-types#';

/** Registered by draft-ietf-httpapi-ratelimit-headers (Problem Types); `violated-policies` names what was hit. */
const violatedPolicies = {
  'violated-policies': {
    type: 'array',
    items: { type: 'string' },
    description: 'Names of the policies that were hit.',
  },
} as const;

/** Types whose URI is IANA's. */
export const ianaTypes = {
  'quota-exceeded': { status: 429, title: 'Quota exceeded', extensions: violatedPolicies },
  'temporary-reduced-capacity': {
    status: 503,
    title: 'Temporarily reduced capacity',
    extensions: violatedPolicies,
  },
  'abnormal-usage-detected': { status: 429, title: 'Abnormal usage detected', extensions: violatedPolicies },
} satisfies Partial<Record<BuiltInSlug, ProblemType>>;

/** draft-ietf-httpapi-idempotency-key-header §2.7 (Error Scenarios); their URIs are below the application's base. */
export const idempotencyTypes = {
  'idempotency-key-missing': { status: 400, title: 'Idempotency-Key is missing' },
  'idempotency-key-reused': { status: 422, title: 'Idempotency-Key is already used' },
  'idempotency-key-in-flight': {
    status: 409,
    title: 'A request is outstanding for this Idempotency-Key',
  },
} satisfies Partial<Record<BuiltInSlug, ProblemType>>;
