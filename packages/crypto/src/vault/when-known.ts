/** At once where it is known. */
export function whenKnown<Known, Result>(
  value: Known | Promise<Known>,
  use: (known: Known) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(use) : use(value);
}
