import { warnOnce } from '@unite/shared';

/** Runs a function that the application gave as an option. When it throws, the answer goes out without it. */
export function guarded<Result>(option: string, work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    // Not the error itself: it may hold what the answer must not, and warnings are logged.
    warnOnce(
      `UNITE_PROBLEM_${option.toUpperCase()}_FAILED`,
      `problem: option "${option}" threw and was ignored`,
    );
    return undefined;
  }
}
