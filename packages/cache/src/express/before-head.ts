import type { ServerResponse } from 'node:http';

/** Headers as `writeHead` takes them: by name, names and values in turn, or pairs. */
type GivenHeaders = Readonly<Record<string, GivenValue | undefined>> | readonly unknown[];
type GivenValue = string | number | readonly string[];
type WriteHead = (
  this: ServerResponse,
  statusCode: number,
  statusMessage?: string | GivenHeaders,
  headers?: GivenHeaders,
) => ServerResponse;

/**
 * Calls back once, right before the head of a response is made, when all its headers are set and can be changed.
 * Every way there leads through `writeHead`, which Node calls itself for the first `write`, `end` or `flushHeaders`.
 *
 * @param change gets the status and returns the one to send
 */
export function beforeHead(response: ServerResponse, change: (statusCode: number) => number): void {
  const writeHead = response.writeHead as WriteHead;
  let wasCalled = false;

  const writeChangedHead: WriteHead = (statusCode, statusMessage, headers) => {
    if (wasCalled) return writeHead.call(response, statusCode, statusMessage, headers);
    wasCalled = true;
    const hasMessage = typeof statusMessage === 'string';
    // What a call brings along replaces what was set before.
    setHeaders(response, headers ?? (hasMessage ? undefined : statusMessage));
    const changed = change(statusCode);
    const keepsMessage = hasMessage && changed === statusCode;
    return writeHead.call(response, changed, keepsMessage ? statusMessage : undefined);
  };
  response.writeHead = writeChangedHead as typeof response.writeHead;
}

/** As `writeHead` does it; a name that comes twice is sent twice. */
function setHeaders(response: ServerResponse, headers: GivenHeaders | undefined): void {
  if (isList(headers)) {
    const flat = Array.isArray(headers[0]) ? headers.flat(1) : headers;
    const names = flat.filter((_, index) => index % 2 === 0) as string[];
    for (const name of names) response.removeHeader(name);
    for (const [index, name] of names.entries()) {
      const earlier = response.getHeader(name);
      const value = flat[index * 2 + 1] as GivenValue;
      response.setHeader(name, earlier === undefined ? value : [earlier, value].flat().map(String));
    }
  } else if (headers) {
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) response.setHeader(name, value);
    }
  }
}

function isList(headers: GivenHeaders | undefined): headers is readonly unknown[] {
  return Array.isArray(headers);
}
