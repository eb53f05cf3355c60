import { blankType, type RawProblem } from './clean-problem';
import { isProblemStatus } from './status-phrase';

/** What of an unmarked error is looked at. */
interface Conventional {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly expose?: unknown;
  readonly message?: unknown;
  readonly headers?: unknown;
}

/**
 * What an unmarked error means by convention: the platform's `AbortError` and `TimeoutError`, and the
 * `http-errors` shape of Express and its body parsers.
 *
 * An error counts as an answer when it says so by `expose`, or has `status` and `statusCode` alike. Errors of
 * HTTP clients have one of the two, and somebody else's 404 or 401 is not ours to pass on.
 *
 * @param clientLeft whether the request's signal has aborted
 * @throws what a getter or a proxy throws; the caller guards
 */
export function conventionalProblem(error: unknown, clientLeft: boolean): RawProblem | undefined {
  const { name, type, statusCode, status, expose, message, headers } = Object(error) as Conventional;
  if (name === 'TimeoutError') return blank(504);
  if (name === 'AbortError') return blank(clientLeft ? 499 : 503);
  const answered = expose === true ? (status ?? statusCode) : status === statusCode && status;
  if (!isProblemStatus(answered)) return undefined;
  if (expose !== true || answered >= 500) return blank(answered);
  // A parser's own words would repeat a piece of the body, which may be a password.
  const detail = type === 'entity.parse.failed' ? 'The request body could not be parsed.' : message;
  return { ...blank(answered), members: { detail, headers } };
}

/** A problem of which only the status is told. */
export function blank(status: number): RawProblem {
  return { type: blankType, status };
}
