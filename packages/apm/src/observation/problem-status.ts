const problem = Symbol.for('unite.problem');

/** How deep causes are looked for, as `@unite/problem` does. */
const maxDepth = 3;

/**
 * The status that an error is meant to be answered with; `undefined` where it is a failure that nobody meant. Anything
 * can be thrown, so this never throws itself.
 */
export function problemStatus(thrown: unknown): number | undefined {
  try {
    let error = thrown;
    let depth = 0;
    while (typeof error === 'object' && error !== null && depth++ <= maxDepth) {
      const status = statusOf(error as Conventional);
      if (typeof status === 'number' && status >= 400 && status <= 599) return status;
      error = (error as Error).cause;
    }
  } catch {
    // A getter of somebody's: then it is a failure.
  }
  return undefined;
}

/** That of a marked error, else the convention of `http-errors`: it says so by `expose`, or has both numbers alike. */
function statusOf(error: Conventional): unknown {
  if (error[problem]) return error[problem].status;
  const { expose, status, statusCode } = error;
  return expose === true ? (status ?? statusCode) : status === statusCode && status;
}

interface Conventional {
  readonly [problem]?: { readonly status?: unknown };
  readonly expose?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
}
