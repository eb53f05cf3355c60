import type { ServerResponse } from 'node:http';
import { CapturedBody } from '../response/captured-body';
import { isKeptIn304 } from '../response/conditional';
import type { Forwarding } from '../response/forwarding';
import type { HeaderValue, ResponseHead } from '../response/response-types';
import { beforeHead } from './before-head';

type Write = (this: ServerResponse, ...given: unknown[]) => never;

/**
 * Follows a response as it is written: head, body, end. Only what is set from now on belongs to it; headers that
 * were there before are the request's own.
 */
export function captureResponse(response: ServerResponse, forwarding: Forwarding, maxBytes: number): void {
  const before = new Map(headersOf(response).map(([name, value]) => [name, String(value)]));
  const body = new CapturedBody(maxBytes);
  const write = response.write as Write;
  const end = response.end as Write;
  let isWhole = false;
  let collects = true;

  beforeHead(response, (status) => {
    const headers = headersOf(response);
    const unchanged = headers.filter(
      ([name, value]) => before.get(name) === String(value) && name !== 'vary',
    );
    const head: ResponseHead = { status, headers, foreign: new Set(unchanged.map(([name]) => name)) };
    const changes = forwarding.begin(head, isWhole && !body.isTooLarge ? body.bytes() : undefined);
    collects = changes.collects;
    for (const [name, value] of changes.headers) response.setHeader(name, value);
    if (changes.status === 304 && status !== 304) removeBodyHeaders(response);
    return changes.status;
  });

  response.write = function captureChunk(this: ServerResponse, chunk: unknown, encoding: unknown, ...rest) {
    const result = write.call(this, chunk, encoding, ...rest);
    collect(chunk, encoding);
    return result;
  } as typeof response.write;

  response.end = function captureEnd(this: ServerResponse, ...given: unknown[]) {
    const [chunk, encoding] = given;
    isWhole = !response.headersSent;
    collect(chunk, encoding);
    const result = end.apply(this, given);
    if (collects) forwarding.end(body.bytes());
    return result;
  } as typeof response.end;

  response.once('close', () => forwarding.abandon());

  function collect(chunk: unknown, encoding: unknown): void {
    if (!collects) return;
    body.add(chunk, encoding);
    // Whoever waits for the response need not wait for the rest of what nobody keeps.
    collects = !body.isTooLarge;
    if (!collects) forwarding.abandon();
  }
}

/** Headers that are set, by names in lower case. */
function headersOf(response: ServerResponse): (readonly [name: string, value: HeaderValue])[] {
  return Object.entries(response.getHeaders()).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(String) : String(value),
  ]);
}

function removeBodyHeaders(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) {
    if (!isKeptIn304(name)) response.removeHeader(name);
  }
}
