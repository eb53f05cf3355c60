import { clip } from './clip';
import { fieldErrors } from './field-errors';
import { safeHeaders } from './safe-headers';
import { statusPhrase } from './status-phrase';

/** What is known about a problem before anything is checked, but for the status. */
export interface RawProblem {
  /** URI of the type. */
  readonly type: string;
  readonly status: number;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly instance?: unknown;
  readonly errors?: unknown;
  readonly headers?: unknown;
  readonly extensions?: unknown;
}

/** A problem that may be sent as it is: bounded, with safe headers, and frozen. */
export interface CleanProblem {
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly instance: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** The members that no extension overrides (RFC 9457 §3.1), and the name that would replace the document. */
export const reservedMembers: ReadonlySet<string> = new Set([
  'type',
  'title',
  'status',
  'detail',
  'instance',
  'toJSON',
]);

/** Longest detail that is sent, in UTF-16 units. */
const maxDetailLength = 2_000;

/** An absolute URI or a path, in the characters of RFC 3986. */
const typePattern = /^(?:[a-z][a-z0-9+.-]*:|\/)[!#-;=?-[\]_a-z~]*$/i;

/** The type if it can be one. A missing type means `about:blank` (RFC 9457 §3.1.1). */
export function problemType(type: string): string {
  return type.length <= maxDetailLength && typePattern.test(type) ? type : 'about:blank';
}

/** @throws what a getter of the input throws; the caller guards */
export function cleanProblem(problem: RawProblem): CleanProblem {
  const { status } = problem;
  const type = problemType(problem.type);
  // With about:blank, the title is the status phrase (RFC 9457 §4.2.1).
  const title = type === 'about:blank' ? undefined : clip(problem.title, 200);
  return Object.freeze({
    type,
    status,
    title: title || statusPhrase(status),
    detail: clip(problem.detail, maxDetailLength),
    instance: uriReference(problem.instance),
    headers: Object.freeze(safeHeaders(problem.headers)),
    extensions: Object.freeze({ ...fieldErrors(problem.errors), ...extensionMembers(problem.extensions) }),
  });
}

/** What may stand beside the standard members. `fromEntries` defines, so `__proto__` is just a name. */
function extensionMembers(extensions: unknown): Record<string, unknown> | undefined {
  if (typeof extensions !== 'object' || extensions === null) return undefined;
  return Object.fromEntries(Object.entries(extensions).filter(([name]) => !reservedMembers.has(name)));
}

/** The text as a URI reference (RFC 3986 §4.1): what is not allowed in one is percent-encoded. */
export function uriReference(text: unknown): string | undefined {
  return clip(text, maxDetailLength)
    ?.replace(/[^\w\-.~!$&'()*+,;=:@/%?#]|%(?![\da-f]{2})/giu, encodeCharacter)
    .replace(/^\/+/, '/');
}

function encodeCharacter(character: string): string {
  return encodeURIComponent(/\p{Surrogate}/u.test(character) ? '\ufffd' : character);
}
