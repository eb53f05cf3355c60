import type { ServerResponse } from 'node:http';

/** Headers as `writeHead` takes them: by name, names and values in turn, or pairs. */
type GivenHeaders = Readonly<Record<string, HeaderValue | undefined>> | readonly unknown[];
type HeaderValue = string | readonly string[];
type WriteHead = (
  this: ServerResponse,
  statusCode: number,
  statusMessage?: string | GivenHeaders,
  headers?: GivenHeaders,
) => ServerResponse;

/**
 * Adds headers in the last moment, right before the head of a response is made. Every way there leads through
 * `writeHead`, which Node calls itself for the first `write`, `end` or `flushHeaders`.
 *
 * @param headersNow asked once. With no headers to add, the call goes through untouched.
 */
export function beforeHead(
  response: ServerResponse,
  headersNow: () => readonly (readonly [name: string, value: string])[],
): void {
  const writeHead = response.writeHead as WriteHead;
  let wasAsked = false;

  const writeHeadWithMore: WriteHead = (statusCode, statusMessage, headers) => {
    const added = wasAsked ? [] : headersNow();
    wasAsked = true;
    if (added.length === 0) return writeHead.call(response, statusCode, statusMessage, headers);
    // What a call brings along replaces what was set before, and with it what is added here: so it goes first.
    const hasMessage = typeof statusMessage === 'string';
    setHeaders(response, headers ?? (hasMessage ? undefined : statusMessage));
    for (const [name, value] of added) {
      if (name === 'Set-Cookie') addHeader(response, name, value);
      else response.setHeader(name, value);
    }
    return writeHead.call(response, statusCode, hasMessage ? statusMessage : undefined);
  };
  response.writeHead = writeHeadWithMore as typeof response.writeHead;
}

/** As `writeHead` does it; a name that comes twice is sent twice. */
function setHeaders(response: ServerResponse, headers: GivenHeaders | undefined): void {
  if (isList(headers)) {
    const flat = Array.isArray(headers[0]) ? headers.flat(1) : headers;
    const names = flat.filter((_, index) => index % 2 === 0) as string[];
    for (const name of names) response.removeHeader(name);
    for (const [index, name] of names.entries()) {
      addHeader(response, name, flat[index * 2 + 1] as HeaderValue);
    }
  } else if (headers) {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value as HeaderValue);
  }
}

/** As `appendHeader`, which would add to a list of the caller's own: one user's cookie would reach the next. */
function addHeader(response: ServerResponse, name: string, value: HeaderValue): void {
  const earlier = response.getHeader(name);
  response.setHeader(name, earlier === undefined ? value : [earlier, value].flat().map(String));
}

function isList(headers: GivenHeaders | undefined): headers is readonly unknown[] {
  return Array.isArray(headers);
}
