/** A promise and what resolves it: `Promise.withResolvers`, which Node 20 lacks. */
export interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
}

/** Makes a {@link Deferred}. */
export function deferred(): Deferred {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
