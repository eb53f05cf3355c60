/** How something ended, and after how many milliseconds. */
export interface Timed<Result> {
  readonly ms: number;
  readonly result: Result | undefined;
  readonly error: (Error & { readonly code?: string; readonly cause?: unknown }) | undefined;
}

/** Waits for the end of `work`, good or bad. */
export async function timed<Result>(work: () => Promise<Result>): Promise<Timed<Result>> {
  const startedAtMs = performance.now();
  try {
    const result = await work();
    return { ms: performance.now() - startedAtMs, result, error: undefined };
  } catch (error) {
    return { ms: performance.now() - startedAtMs, result: undefined, error: error as Error };
  }
}
