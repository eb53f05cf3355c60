import { describeArgument } from '@unite/shared';

/**
 * For adapters: what is no registry would be found out only by the first error of a request.
 *
 * @param method that the adapter calls
 * @throws TypeError that names the adapter and what it got
 */
export function checkProblems(owner: string, problems: unknown, method: string): void {
  if (typeof (problems as Record<string, unknown> | null | undefined)?.[method] !== 'function') {
    throw new TypeError(
      `${owner}: problems must be what defineProblems returns, got ${describeArgument(problems)}`,
    );
  }
}
