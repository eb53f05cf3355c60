import { clip } from './clip';
import { fieldErrors } from './field-errors';
import { isTypeUri } from './problem-type-uri';
import { safeHeaders } from './safe-headers';
import { statusPhrase } from './status-phrase';

/** What is known about a problem before anything but the status is checked. */
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
  /** URI of the type. */
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly instance: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Further members, `errors` among them. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** A missing type means `about:blank` (RFC 9457 §3.1.1). */
export const blankType = 'about:blank';

/** The members that no extension overrides (RFC 9457 §3.1), and the name that would replace the document. */
const reserved = /^(type|title|status|detail|instance|toJSON)$/;

/** @throws what a getter of the input throws; the caller guards */
export function cleanProblem(problem: RawProblem): CleanProblem {
  const { status } = problem;
  const type = isTypeUri(problem.type) ? problem.type : blankType;
  return Object.freeze({
    type,
    status,
    // With about:blank, the title is the status phrase (RFC 9457 §4.2.1).
    title: (type !== blankType && clip(problem.title, 200)) || statusPhrase(status),
    detail: clip(problem.detail),
    instance: uriReference(problem.instance),
    headers: Object.freeze(safeHeaders(problem.headers)),
    extensions: Object.freeze({ ...fieldErrors(problem.errors), ...extensionMembers(problem.extensions) }),
  });
}

/** What may stand beside the standard members. `fromEntries` defines, so `__proto__` is just a name. */
export function extensionMembers(members: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries({ ...(members as object) }).filter(([name]) => !reserved.test(name)),
  );
}

/** The text as a URI reference (RFC 3986 §4.1): what is not allowed in one is percent-encoded. */
export function uriReference(text: unknown): string | undefined {
  return clip(text)
    ?.replace(/[^!#$%&'()*+,\-./:;=?@\w~]|%(?![\da-f]{2})/giu, encodeText)
    .replace(/^\/+/, '/');
}

/** Percent-encoded, without lone surrogates, which have no UTF-8 form and make `encodeURIComponent` throw. */
export function encodeText(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
}
