/** A request, as adapters describe it. */
export interface ObservedRequest {
  readonly method: string;
  /** Template, such as `/api/contacts/[id]`. Never a raw path; or what reads it, where the router finds it late. @default that of the context, else `unmatched` */
  readonly route?: string | (() => string | undefined) | undefined;
}

/** How a request ended. */
export interface RequestEnd {
  /** Status of the answer. @default 500 where something was thrown, else 200 */
  readonly status?: number | undefined;
  /** The client was gone before the answer was. */
  readonly isAborted?: boolean | undefined;
}

/** One request, from its start to its end. */
export interface Observation {
  /** Runs `work` as a part of this request: what it captures, counts and spends belongs to it. */
  run<Result>(work: () => Result): Result;
  /** Names the template, where it is known late. */
  named(route: string | undefined): void;
  /**
   * Notes what was thrown: a server's failure is captured, an answer that the application meant (a problem with a
   * status below 500) is not.
   *
   * @returns id of the event, where there is one
   */
  failed(error: unknown): string | undefined;
  /** Records the request. Only the first call counts. */
  end(end?: RequestEnd): void;
  /** The value of a `Server-Timing` header: `app;dur=12.3`. @see https://www.w3.org/TR/server-timing */
  serverTiming(): string;
}

/** Rate, errors and duration of one route. */
export interface RouteReport {
  /** `GET /api/contacts/[id]`. */
  readonly route: string;
  readonly requests: number;
  /** Answered with 500 and more, or thrown. */
  readonly errors: number;
  /** From the buckets of the histogram, even within a bucket; the last bound for what took longer. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** What objectives are told of each request. */
export interface FinishedRequest {
  /** `GET /api/contacts/[id]`. */
  readonly route: string;
  readonly status: number;
  readonly isError: boolean;
  readonly isAborted: boolean;
  readonly durationMs: number;
  readonly endedAtMs: number;
}

/**
 * Message of `unite:apm:request`: an observed request has ended. The request id is that of the context, which adapters of
 * `@unite/core` also answer with, so that whoever knows the request from elsewhere can find what belongs to it.
 */
export interface ApmRequestMessage extends FinishedRequest {
  readonly requestId: string;
  readonly tenantId: string | undefined;
  readonly traceId: string | undefined;
  /** Of the failure that was captured, where there was one. */
  readonly eventId: string | undefined;
}
