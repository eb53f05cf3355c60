/**
 * What an error of the driver says about the statement's effect.
 *
 * - `denied`: user, password or database are refused; trying again is pointless.
 * - `not-sent`: the statement never left, or the server took none; anything may be tried again.
 * - `read-only`: the server is no primary (any more); nothing took effect.
 * - `conflict`: serialization failure, deadlock, or a replica's recovery; the transaction was rolled back.
 * - `lost`: the connection broke; a statement that had been sent may have taken effect.
 * - `statement`: a verdict on the statement, the server's or the driver's, which is the application's to handle.
 */
export type ErrorKind = 'denied' | 'not-sent' | 'read-only' | 'conflict' | 'lost' | 'statement';

/** SQLSTATEs. @see https://www.postgresql.org/docs/18/errcodes-appendix.html */
const denied = /^(28...|3D000)$/;
/** Starting up or shutting down (57P03), too many connections (53300): said before anything is taken. */
const refused = /^(57P03|53300)$/;
/** Ended by an administrator, a crash, a dropped database or a time limit; connection exceptions. */
const ended = /^(57P0[1245]|25P0[34]|08...)$/;
const conflict = /^40(001|P01)$/;

/** `pg` gives these no code; all are said before a byte of the statement is written. */
const notSentMessages =
  /^(Client (has encountered a connection error|was closed) and is not queryable|timeout exceeded when trying to connect|Connection terminated due to connection timeout|Cannot use a pool after calling end)/;
/** As well, on the statement itself. */
const refusalMessages =
  /^(Prepared statements must be unique|A query must have either text or a name|Query values must be an array)/;
/** What finds a message malformed, such as one with too few values; for servers that speak another language. */
const malformed = /^(exec_|pq_getmsg)/;
/** Of Node's sockets, when a connection is opened. */
const notSentCodes = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT)$/;

/** Reads what can be read; an error that tells nothing counts as a lost connection. */
export function classifyError(error: unknown): ErrorKind {
  const { code: state, message } = textsOf(error);
  if (!isServerError(error)) {
    if (isUnsendable(error) || refusalMessages.test(message)) return 'statement';
    const isNotSent = notSentCodes.test(state) || notSentMessages.test(message);
    return isNotSent ? 'not-sent' : 'lost';
  }
  if (denied.test(state)) return 'denied';
  // The localised word for FATAL differs; the SQLSTATE does not.
  if (refused.test(state)) return isOnlyAnError(error) ? 'statement' : 'not-sent';
  if (state === '25006') return 'read-only';
  if (conflict.test(state)) return 'conflict';
  return ended.test(state) && !isOnlyAnError(error) ? 'lost' : 'statement';
}

/** How many errors around the server's are looked through. */
const maxDepth = 4;

const unsendable = new WeakSet<object>();

/** The driver refused a statement before sending it; the connection is well. */
export function markUnsendable(error: object): void {
  unsendable.add(error);
}

/** Whether the driver refused a statement. What it had begun to send is ended first, so the connection is not ready yet. */
export function isUnsendable(error: unknown): boolean {
  return unsendable.has(error as object);
}

/** Whether a server said it, rather than the driver or a socket. */
export function isServerError(error: unknown): boolean {
  return (error as { severity?: unknown } | null | undefined)?.severity !== undefined;
}

/** The server's word in what was thrown, which a library such as Drizzle may have wrapped. */
export function serverErrorIn(error: unknown): unknown {
  let inner = error;
  for (let depth = 0; depth < maxDepth && !isServerError(inner); depth++)
    inner = (inner as { cause?: unknown } | null | undefined)?.cause;
  return isServerError(inner) ? inner : undefined;
}

/**
 * What the server's answer to a commit means. One that was cancelled can be the commit's, which then did not
 * happen, or that of the question which follows it in the same message: nobody knows.
 */
export function classifyCommitError(error: unknown): ErrorKind {
  return isServerError(error) && textsOf(error).code === '57014' ? 'lost' : classifyError(error);
}

/** A prepared statement whose tables changed under it; it works when prepared anew. */
export function isStalePlan(error: unknown): boolean {
  const { code, message } = textsOf(error);
  return code === '0A000' && message.includes('cached plan');
}

/** The text of an error for an error of ours: never a URL or a password, which messages of `pg` do not hold. */
export function reasonOf(error: unknown): string {
  // One for each address that was tried; Node's own says nothing itself.
  const first: unknown = error instanceof AggregateError && !error.message ? error.errors[0] : undefined;
  const { code, message } = textsOf(first ?? error);
  if (message || code) return message || code;
  return typeof error === 'object' && error !== null ? 'an error without a message' : String(error);
}

/**
 * Whether the connection goes on, whatever the SQLSTATE: a message was malformed, a function raised it, or
 * `dblink` failed to connect elsewhere.
 */
function isOnlyAnError(error: unknown): boolean {
  const { severity, routine } = error as { severity?: unknown; routine?: unknown };
  return severity === 'ERROR' || malformed.test(String(routine));
}

/** Whatever was thrown: what is no text there is none here. */
function textsOf(error: unknown): Record<'code' | 'message', string> {
  const { code, message } = (error ?? {}) as Record<'code' | 'message', unknown>;
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
  };
}
