import type { RawProblem } from './clean-problem';
import { readProperty } from './marked-problem';
import { isProblemStatus } from './status-phrase';

/**
 * What an unmarked error means by convention: the `http-errors` shape of Express and its body parsers, and
 * the platform's `AbortError` and `TimeoutError`.
 *
 * @param clientLeft whether the request's signal has aborted
 */
export function conventionalProblem(error: unknown, clientLeft: boolean): RawProblem | undefined {
  const name = readProperty(error, 'name');
  if (name === 'TimeoutError') return blank(504);
  if (name === 'AbortError') return blank(clientLeft ? 499 : 503);
  return httpError(error);
}

/**
 * An error counts as an answer when it says so by `expose`, or has `status` and `statusCode` alike. Errors of
 * HTTP clients have one of the two, and somebody else's 404 or 401 is not ours to pass on.
 */
function httpError(error: unknown): RawProblem | undefined {
  const statusCode = readProperty(error, 'statusCode');
  const status = readProperty(error, 'status') ?? statusCode;
  const isPublic = readProperty(error, 'expose') === true;
  if (!isProblemStatus(status) || !(isPublic || status === statusCode)) return undefined;
  if (!isPublic || status >= 500) return blank(status);
  return { ...blank(status), detail: publicMessage(error), headers: copyOf(readProperty(error, 'headers')) };
}

/** The parser's own words would repeat a piece of the body, which may be a password. */
function publicMessage(error: unknown): unknown {
  return readProperty(error, 'type') === 'entity.parse.failed'
    ? 'The request body could not be parsed.'
    : readProperty(error, 'message');
}

function copyOf(headers: unknown): unknown {
  try {
    return { ...(headers as object) };
  } catch {
    return undefined;
  }
}

function blank(status: number): RawProblem {
  return { type: 'about:blank', status };
}
