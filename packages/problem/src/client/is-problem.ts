import type { ProblemSlug } from '../types';
import type { ParsedProblem } from './parse-problem';

type ProblemOf<Type extends string> = ParsedProblem & { readonly type: Type | `${string}${Type}` };

/**
 * Whether a value is a parsed problem, and of one type if that is given: by URI, or by the slug that its URI
 * ends with. The slug is checked against the registry; extension members stay `unknown`, as they came.
 *
 * @example
 * if (isProblem<typeof problems>(problem, 'out-of-credit')) offerTopUp(Number(problem.extensions.balance));
 */
export function isProblem(value: unknown): value is ParsedProblem;
/** One of this type. What is none may still be a problem. */
export function isProblem<const Type extends string>(value: unknown, type: Type): value is ProblemOf<Type>;
/** One of this type of the registry. */
export function isProblem<Registry>(
  value: unknown,
  type: ProblemSlug<Registry> | `${string}:${string}`,
): value is ProblemOf<ProblemSlug<Registry> | `${string}:${string}`>;
export function isProblem(value: unknown, type?: string): value is ParsedProblem {
  if (typeof value !== 'object' || value === null) return false;
  const problem = value as Partial<Record<keyof ParsedProblem, unknown>>;
  if (typeof problem.type !== 'string' || typeof problem.title !== 'string') return false;
  if (typeof problem.status !== 'number' || typeof problem.extensions !== 'object') return false;
  return type === undefined || problem.type === type || problem.type.split(/[/#]/).at(-1) === type;
}
