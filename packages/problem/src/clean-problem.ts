import { clip } from './clip';
import { fieldErrors } from './field-errors';
import { isTypeUri } from './problem-type-uri';
import type { KnownType } from './registry';
import { safeHeaders } from './safe-headers';
import { statusPhrase } from './status-phrase';
import { uriReference } from './uri-reference';

/** What is known about a problem before anything but the status is checked. */
export interface RawProblem {
  /** Slug or URI of the type. */
  readonly type: string;
  readonly status: number;
  /** What else was said, as it was given: copying it would cost more than the check. */
  readonly members?: RawMembers | undefined;
}

export interface RawMembers {
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
  /** Further members, `errors` among them. Names of standard members have no effect. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** A missing type means `about:blank` (RFC 9457 §3.1.1). */
export const blankType = 'about:blank';

/** @throws what a getter of the input throws; the caller guards */
export function cleanProblem(
  { status, members = {} }: RawProblem,
  { uri, definition }: KnownType,
): CleanProblem {
  const type = isTypeUri(uri) ? uri : blankType;
  return Object.freeze({
    type,
    status,
    // With about:blank, the title is the status phrase (RFC 9457 §4.2.1).
    title: (type !== blankType && clip(members.title ?? definition?.title, 200)) || statusPhrase(status),
    detail: clip(members.detail),
    instance: uriReference(members.instance),
    headers: Object.freeze(safeHeaders({ ...definition?.headers, ...(members.headers as object) })),
    extensions: Object.freeze({ ...fieldErrors(members.errors), ...(members.extensions as object) }),
  });
}
