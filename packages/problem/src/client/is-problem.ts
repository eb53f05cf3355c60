import type { ProblemSlug } from '../types';
import type { ParsedProblem } from './parse-problem';

/**
 * Whether a value is a parsed problem, and of one type if that is given: by URI, or by the slug that its URI
 * ends with. The slug is checked against the registry; extension members stay `unknown`, as they came.
 *
 * @example
 * if (isProblem<typeof problems>(problem, 'out-of-credit')) offerTopUp(Number(problem.extensions.balance));
 */
export function isProblem<Registry = unknown>(
  value: unknown,
  type?: ProblemSlug<Registry> | `${string}:${string}`,
): value is ParsedProblem {
  if (typeof value !== 'object' || value === null) return false;
  const problem = value as Partial<Record<keyof ParsedProblem, unknown>>;
  if (typeof problem.type !== 'string' || typeof problem.title !== 'string') return false;
  if (typeof problem.status !== 'number' || typeof problem.extensions !== 'object') return false;
  return type === undefined || problem.type === type || problem.type.split(/[/#]/).at(-1) === type;
}
