import type { ServerResponse } from 'node:http';
import { problemPage } from '../docs/problem-page';
import type { Problems } from '../types';
import type { ExpressRequest } from './express-types';

/** What the adapters need of a registry. */
export type ProblemRenderer = Pick<Problems, 'render' | 'error'>;

/** What describes the body that the route had begun to prepare, and would be wrong about the problem. */
const bodyHeaders = [
  'accept-ranges',
  'content-disposition',
  'content-encoding',
  'content-length',
  'content-range',
  'etag',
  'last-modified',
  'transfer-encoding',
];

/** Writes the problem to a Node response. Headers for the connection and CORS stay. */
export function sendProblem(
  problems: ProblemRenderer,
  error: unknown,
  request: ExpressRequest,
  response: ServerResponse,
): void {
  const { status, headers, body } = problems.render(
    error,
    {
      method: request.method,
      url: request.originalUrl ?? request.url ?? '/',
      headers: { get: (name) => request.headers[name]?.toString() },
    },
    { html: problemPage },
  );
  // Node closes the connection behind an answer from which both length and encoding were removed, even if it had neither.
  for (const name of bodyHeaders) if (response.hasHeader(name)) response.removeHeader(name);
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, name === 'vary' ? joined(response.getHeader('vary'), value) : value);
  }
  response.statusCode = status;
  response.end(body);
}

function joined(earlier: string | number | readonly string[] | undefined, value: string): string {
  return earlier === undefined ? value : `${earlier}, ${value}`;
}
