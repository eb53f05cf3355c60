/** One kind of request that virtual users make. */
export interface LoadRequest {
  /** As the report calls it. @default method and path */
  readonly name?: string | undefined;
  /** @default 'GET' */
  readonly method?: string | undefined;
  /** Path and query, from the target. `{user}` and `{n}` stand for the user's number and its request's. */
  readonly path: string;
  /** `{user}` and `{n}` as in the path: `'idempotency-key': 'run-7-{user}-{n}'`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Text as it is, or anything that JSON can say. `{user}` and `{n}` as in the path. */
  readonly body?: unknown;
  /** How often, beside the others. @default 1 */
  readonly weight?: number | undefined;
  /** Statuses that are no error. @default 200–399 */
  readonly expect?: readonly number[] | undefined;
}

/** What a run has to keep. */
export interface LoadObjectives {
  readonly p50Ms?: number | undefined;
  readonly p95Ms?: number | undefined;
  readonly p99Ms?: number | undefined;
  /** Share of requests that may fail, 0 to 1. */
  readonly errorRate?: number | undefined;
  /** At least this many answers a second. */
  readonly requestsPerSecond?: number | undefined;
}

/** A run of `unite load`. */
export interface LoadOptions {
  /** `http://` or `https://`, with a host and a port. */
  readonly target: string;
  /** @default a GET of the target's own path */
  readonly requests?: readonly LoadRequest[] | undefined;
  /** Virtual users, each with a connection of its own. @default 10 */
  readonly users?: number | undefined;
  /**
   * From one request of a user to its next, at random between the two, in milliseconds. The schedule does not wait for
   * answers: a request that is due while the last one runs is sent late, and its time counts from when it was due.
   * `[0, 0]` is another test: each user sends again at once, and the rate is what the server can take.
   *
   * @default [3_000, 5_000]
   */
  readonly thinkMs?: readonly [number, number] | undefined;
  /** Measured time, in milliseconds. @default 30_000 */
  readonly durationMs?: number | undefined;
  /** Users come one by one over this time, in milliseconds, before the measured time. @default 10 % of `durationMs` */
  readonly rampMs?: number | undefined;
  /**
   * A request that takes longer has failed, in milliseconds from when it was sent. So has one that could not be sent for
   * so long, because those before it took their time.
   *
   * @default 30_000
   */
  readonly timeoutMs?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What decides the exit code. @default nothing: a run is kept unless all of it failed */
  readonly objectives?: LoadObjectives | undefined;
  /** Makes the users' random choices the same again. @default a new one, which the report names */
  readonly seed?: number | undefined;
  /** Ends the run early; what was measured is reported. */
  readonly signal?: AbortSignal | undefined;
  /** Hears how it stands, once a second. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** How a run stands. */
export interface LoadProgress {
  /** Of the measured time; 0 while users come. */
  readonly elapsedMs: number;
  /** Those that have come. */
  readonly users: number;
  /** Answers in the last second. */
  readonly requestsPerSecond: number;
  /** Of the last second. */
  readonly p95Ms: number;
  /** Since the measured time began. */
  readonly errors: number;
}

/**
 * Times in milliseconds, to three digits: of all answers, whatever their status, and of requests that timed out, since
 * the slowest must not be left out. Not of those that broke, which may be quick.
 */
export interface Latency {
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
  readonly meanMs: number;
}

/** One kind of request, or all together. */
export interface RequestsReport {
  readonly name: string;
  readonly requests: number;
  readonly errors: number;
  /** From when each request was due. */
  readonly latency: Latency;
}

/** A time in which requests were due or under way and nothing was answered. A request that failed is no answer. */
export interface Stall {
  /** From the beginning of the measured time, in milliseconds. */
  readonly atMs: number;
  readonly durationMs: number;
  /** Requests that were due or under way. */
  readonly waiting: number;
}

/** What became of one objective. */
export interface Verdict {
  readonly objective: string;
  readonly measured: number;
  readonly kept: boolean;
  /**
   * Why it is missed whatever was measured: nothing was, or more requests failed than the objective for errors allows.
   * Where there is none, latency counts while at most 1 % of requests failed.
   */
  readonly reason?: string | undefined;
}

/** What a run came to. */
export interface LoadReport {
  readonly target: string;
  readonly users: number;
  readonly thinkMs: readonly [number, number];
  readonly durationMs: number;
  readonly seed: number;
  readonly total: RequestsReport;
  readonly byRequest: readonly RequestsReport[];
  /** Answers in the measured time, whatever their status. */
  readonly requestsPerSecond: number;
  /** Bodies of answers. */
  readonly bytesReceived: number;
  /** From when each request was sent: what a tool without a schedule would report. */
  readonly serviceTime: Latency;
  /** Statuses, and codes of errors such as `ECONNREFUSED` or `TIMEOUT`, each with its count. At most 50. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The longest ones of at least 250 ms; at most 10. */
  readonly stalls: readonly Stall[];
  /**
   * How late the generator itself was in sending, or its event loop in looking at answers, beyond the 2 ms that a timer
   * may be late on an idle machine and that no latency holds. Where its 99th percentile is above 5 ms and above a tenth
   * of the latency's, the figures are about this machine and not about the target, and `warnings` says so.
   */
  readonly generatorDelay: { readonly p99Ms: number; readonly maxMs: number };
  readonly warnings: readonly string[];
  /** One line an objective. */
  readonly verdict: readonly Verdict[];
  /** The signal ended it early. */
  readonly interrupted: boolean;
  /** All objectives were kept, the run came to its end, and not every request failed. */
  readonly kept: boolean;
}
