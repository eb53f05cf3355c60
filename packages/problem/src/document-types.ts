import type { ProblemType } from './types';

/** One thing that is wrong with the request's content. */
export interface FieldError {
  /** Path of the field for people and forms: `email`, `address.city`, `items[0].price`. */
  readonly field: string;
  readonly message: string;
  /** JSON Pointer as a URI fragment (RFC 6901 §6). @default computed from `field` */
  readonly pointer?: string | undefined;
  /** Stable code of the rule that failed, such as `too_small`. */
  readonly code?: string | undefined;
}

/**
 * A problem details object as it is sent.
 *
 * @see RFC 9457 §3.1
 */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance?: string;
  readonly errors?: readonly FieldError[];
  readonly requestId?: string;
  readonly traceId?: string;
  readonly [extension: string]: unknown;
}

/** What is needed of a request. A Web `Request` fits. */
export interface ProblemRequest {
  /** Absolute URL, or path with query. */
  readonly url: string;
  readonly method?: string | undefined;
  readonly headers: { get(name: string): string | null | undefined };
  readonly signal?: AbortSignal | undefined;
}

/** An answer before it becomes a `Response` or is written to a Node response. */
export interface RenderedProblem {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for `HEAD`. */
  readonly body: string;
  readonly document: ProblemDocument;
}

/**
 * Makes the page that a browser gets instead of JSON, or `undefined` where the request prefers JSON.
 * `problemPage` of `@unite/problem/docs` is one.
 */
export type ProblemPageRenderer = (
  document: ProblemDocument,
  about: {
    readonly definition: ProblemType | undefined;
    readonly language: string;
    readonly request: ProblemRequest;
  },
) => ProblemPage | undefined;

/** A page with the headers that it needs, such as its content security policy. */
export interface ProblemPage {
  readonly html: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}
