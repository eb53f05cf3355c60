/** Goes on at once where there is nothing to wait for: a promise costs more than a decision in memory. */
export function andThen<Value, Result>(
  value: Value | Promise<Value>,
  next: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  const known = promised(value);
  return known instanceof Promise ? known.then(next) : next(known);
}

/** Makes a promise of what a database client or another realm takes for one. */
export function promised<Value>(value: Value | Promise<Value>): Value | Promise<Value> {
  return value instanceof Promise || !isThenable(value) ? value : Promise.resolve(value);
}

function isThenable<Value>(value: Value): value is Value & PromiseLike<Value> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';
}
