import type { ProblemError } from './errors';

/**
 * Of several problems, the one that stops the caller first (RFC 9457 §3 recommends the most relevant or
 * urgent): a failing server (5xx), who the caller is (401), what they may do (403), how often (429), and then
 * the first of the rest.
 */
export function mostRelevant(problems: ProblemError[]): ProblemError | undefined {
  return problems.sort((a, b) => rank(a.status) - rank(b.status))[0];
}

function rank(status: number): number {
  return status >= 500 ? 0 : [401, 403, 429].indexOf(status) + 1 || 4;
}
