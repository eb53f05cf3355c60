import type { OpsError } from '../errors';

/** What a refused client gets where no `@unite/problem` renders it: a problem document (RFC 9457 §3). */
export function refusalDocument({ code, problem }: OpsError) {
  const { type, title, status, headers } = problem;
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify({ type, title, status, code }),
  };
}
