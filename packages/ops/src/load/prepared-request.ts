import type { Dispatcher } from 'undici';
import type { LoadRequest } from './load-types';

/** One kind of request, ready to be sent. */
export interface PreparedRequest {
  readonly name: string;
  readonly weight: number;
  isExpected(status: number): boolean;
  /** What one user sends as its nth request. */
  optionsFor(user: number, n: number): Dispatcher.DispatchOptions;
}

const placeholders = /\{(user|n)\}/g;

/** Works out all that is the same each time, since it is done thousands of times a second. */
export function prepareRequest(
  request: LoadRequest,
  commonHeaders: Readonly<Record<string, string>>,
): PreparedRequest {
  const { method = 'GET', path, weight = 1, name = `${method} ${path}` } = request;
  const body = textOf(request.body) ?? null;
  const headers = headersOf(request, commonHeaders);
  // A body where none is usual, or none where it is, is no reason to close the connection.
  const fixed = { method, path, headers, body, reset: false } as Dispatcher.DispatchOptions;
  const hasPlaceholders = [path, body ?? '', ...headers].some((text) => text.search(placeholders) >= 0);
  return {
    name,
    weight,
    isExpected: expectation(request.expect),
    optionsFor: hasPlaceholders
      ? (user, n) => ({
          ...fixed,
          path: fill(path, user, n),
          headers: headers.map((text) => fill(text, user, n)),
          body: body === null ? null : fill(body, user, n),
        })
      : () => fixed,
  };
}

function textOf(body: unknown): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
}

/** Those of the request win, whatever their case. */
function headersOf(
  { headers = {}, body }: LoadRequest,
  common: Readonly<Record<string, string>>,
): readonly string[] {
  const isJson = body !== undefined && typeof body !== 'string';
  const given = [
    ['user-agent', 'unite-load'],
    ...(isJson ? [['content-type', 'application/json']] : []),
    ...Object.entries(common),
    ...Object.entries(headers),
  ] as [string, string][];
  const byName = new Map(given.map(([name, value]) => [name.toLowerCase(), value]));
  return [...byName].flat();
}

function expectation(statuses: readonly number[] | undefined): (status: number) => boolean {
  if (!statuses) return (status) => status >= 200 && status < 400;
  const expected = new Set(statuses);
  return (status) => expected.has(status);
}

function fill(text: string, user: number, n: number): string {
  return text.replace(placeholders, (_, name) => String(name === 'user' ? user : n));
}
