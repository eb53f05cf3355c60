import type { Service } from '../sink-types';

/**
 * Where an error came to light:
 *
 * - `request`: thrown out of a handler.
 * - `captured`: handed over by the application.
 * - `uncaught-exception`, `unhandled-rejection`: nobody caught it.
 * - `worker`, `child-process`: of a thread or a process that was watched.
 * - `shutdown`: while the process was ending.
 * - `browser`: in a page.
 * - `lost-run`: an earlier run ended without a word (killed, out of memory, without power).
 */
export type ErrorKind =
  | 'request'
  | 'captured'
  | 'uncaught-exception'
  | 'unhandled-rejection'
  | 'worker'
  | 'child-process'
  | 'shutdown'
  | 'browser'
  | 'lost-run';

/** What is said of an error when it is handed over. */
export interface CaptureOptions {
  /** @default 'captured' */
  readonly kind?: ErrorKind | undefined;
  /** @default 'error' */
  readonly level?: 'fatal' | 'error' | 'warning' | undefined;
  /** Groups events: those of equal fingerprints are one issue. @default the sink's own grouping */
  readonly fingerprint?: readonly string[] | undefined;
  /** Where it happened, with its method: `GET /contacts/[id]`. @default that of the request */
  readonly route?: string | undefined;
  /** Short, of low cardinality, to search by. 50 at most. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Anything that helps; cut to 16 kB, redacted. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
  /** Whether the application dealt with it. @default true for `captured`, else false */
  readonly isHandled?: boolean | undefined;
}

/** What is done about errors that nobody caught. */
export interface CrashOptions {
  /**
   * Where a run leaves its mark, and sinks keep what could not be sent: a directory that survives the process, used by
   * the processes of one service on one machine. It is made, readable by its owner alone. @default none: nothing is kept
   */
  readonly directory?: string | undefined;
  /**
   * How long a process that dies of an uncaught error may live on to send what waits, in milliseconds. It ends as Node.js
   * would have ended it, with exit code 1 and the error printed. 0: at once. @default 2_000
   */
  readonly flushMs?: number | undefined;
}

/** A run that ended without a word, or with errors unsent. */
export interface LostRun {
  readonly instanceId: string;
  readonly processId: number;
  readonly startedAtMs: number;
  /** When it was last seen alive. */
  readonly seenAtMs: number;
  readonly release: string | undefined;
  /** Errors that it had captured and not sent when it was last seen, and that were not kept on disk. */
  readonly unsentErrors: number;
  /**
   * What it ended of, as far as it could say: `uncaught-exception`, `exit 3`, or nothing (killed, out of memory, without
   * power).
   */
  readonly reason: string | undefined;
}

/** One line of a stack. */
export interface StackFrame {
  readonly function: string | undefined;
  /** A path or URL; of the original source where a source map told it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Of the application, not of a package or of Node.js. */
  readonly isInApp: boolean;
  /** The source line, and up to five before and after it, where they are known. */
  readonly source?: {
    readonly before: readonly string[];
    readonly line: string;
    readonly after: readonly string[];
  };
}

/** One error of a chain of causes. All texts are redacted and cut. */
export interface ExceptionRecord {
  /** Name of its class. */
  readonly type: string;
  readonly message: string;
  /** Stable code, such as `ECONNREFUSED` or `UNITE_DB_NO_PRIMARY`. */
  readonly code: string | undefined;
  /** Innermost call first, 100 at most. */
  readonly frames: readonly StackFrame[];
  /** What it is to the one before it. */
  readonly relation: 'thrown' | 'cause' | 'aggregated';
}

/** An error as sinks get it. */
export interface ErrorEvent {
  /** 32 lower-case hex digits, random. */
  readonly id: string;
  readonly atMs: number;
  readonly kind: ErrorKind;
  readonly level: 'fatal' | 'error' | 'warning';
  readonly isHandled: boolean;
  /** The error itself, then its causes and what an `AggregateError` holds: 8 at most. Never empty. */
  readonly exceptions: readonly [ExceptionRecord, ...ExceptionRecord[]];
  readonly fingerprint: readonly string[] | undefined;
  readonly service: Service;
  readonly route: string | undefined;
  readonly requestId: string | undefined;
  readonly tenantId: string | undefined;
  readonly userId: string | undefined;
  readonly plan: string | undefined;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** What JSON can say. */
  readonly extra: Readonly<Record<string, unknown>>;
}
