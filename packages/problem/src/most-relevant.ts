import type { ProblemError } from './errors';

/**
 * Of several problems, the one that stops the caller first (RFC 9457 §3 recommends the most relevant or
 * urgent): a failing server (5xx), who the caller is (401), what they may do (403), how often (429), and then
 * the first of the rest.
 */
export function mostRelevant(problems: readonly ProblemError[]): ProblemError | undefined {
  return problems.reduce<ProblemError | undefined>(
    (best, problem) => (best && rank(best.status) <= rank(problem.status) ? best : problem),
    undefined,
  );
}

function rank(status: number): number {
  const urgent = [401, 403, 429].indexOf(status);
  if (status >= 500) return -1;
  return urgent < 0 ? 3 : urgent;
}
