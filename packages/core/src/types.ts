/**
 * What the packages share about one request. A readonly record, handed down unchanged; a package that
 * learns more (a trace id) runs the rest of the request inside a derived record, which keeps `state`.
 *
 * @example
 * const { requestId, tenantId } = currentContext() ?? {};
 */
export interface UniteContext {
  /** Id of this request: accepted from `x-request-id` when well formed, else a random UUID. */
  readonly requestId: string;
  /** Opaque id of the customer or workspace the request acts for. */
  readonly tenantId?: string | undefined;
  /** Opaque id of the signed-in user. Never an e-mail address or a name. */
  readonly userId?: string | undefined;
  /** Name of the tenant's plan, such as `pro`. */
  readonly plan?: string | undefined;
  /** Route template with its method, such as `GET /api/contacts/[id]`. Never a raw path. */
  readonly route?: string | undefined;
  /** W3C trace id, 32 lower-case hex digits. Absent where the request is not traced. */
  readonly traceId?: string | undefined;
  /** When the request's time is up, in milliseconds since the epoch. */
  readonly deadlineAtMs?: number | undefined;
  /** Aborts when the client goes away or the deadline passes. */
  readonly signal?: AbortSignal | undefined;
  /** Release that serves the request, such as a git commit. */
  readonly release?: string | undefined;
  /** Where packages keep what belongs to this request; records derived from one request share it. */
  readonly state: Map<symbol, unknown>;
}

/** Who a request acts for: the part of the context that an application resolves. */
export type Identity = Pick<UniteContext, 'tenantId' | 'userId' | 'plan'>;

/** Where a package reads the context from. Defaults to the shared slot of `@unite/core/context`. */
export type ContextSource = () => UniteContext | undefined;

/** The time, injectable so that tests need no sleeps. */
export interface Clock {
  /** Milliseconds since the epoch. May jump. */
  wallMs(): number;
  /** Milliseconds since some fixed point. Never goes backwards. */
  monotonicMs(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Options of every `close()`: what owns sockets, timers or buffers drains first, up to this long. */
export interface CloseOptions {
  /** Longest time to drain, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/**
 * What an error answers with when it reaches an HTTP client. An error class carries it behind a
 * prototype getter `[Symbol.for('unite.problem')]`; `@unite/problem` renders it without importing the class.
 *
 * @see RFC 9457 §3.1
 */
export interface ProblemSource {
  /** URI of the problem type, or a slug that the application's registry resolves. */
  readonly type: string;
  /** HTTP status, 400–599. */
  readonly status: number;
  /** Short summary, the same for every occurrence of the type. */
  readonly title: string;
  /** What happened this time. Must be safe to show to the client. */
  readonly detail?: string | undefined;
  /** Response headers, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Further members of the document. The five standard members are never overridden. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** Message of the channel `unite:warning`, sent once per code and process. */
export interface UniteWarning {
  /** Stable code, such as `UNITE_CONTEXT_IDENTITY_REFUSED`. */
  readonly code: string;
  readonly message: string;
}

/**
 * Says what a text becomes before it leaves the process; `undefined` removes it. Packages run it after their built-in
 * redactor, which masks credentials.
 *
 * @param key what the text is of: the key of an attribute, the name of a header
 */
export type Redact = (key: string, text: string) => string | undefined;
