/** Goes on at once where there is nothing to wait for: a promise costs more than a decision in memory. */
export function andThen<Value, Result>(
  value: Value | Promise<Value>,
  next: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  if (value instanceof Promise) return value.then(next);
  return isThenable(value) ? Promise.resolve(value).then(next) : next(value);
}

/** What a database client or another realm takes for a promise. */
function isThenable<Value>(value: Value): value is Value & PromiseLike<Value> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';
}
