/** Runs work in another asynchronous context. */
type Run = <Result>(work: () => Result) => Result;

/**
 * Makes what runs work where this is called, whoever calls it later: a loop that begins with a request would keep that
 * request for ever, and be a part of its trace. Reached without an `import`, so that entries still load where the
 * platform has none; work just runs there.
 */
export function outsideOfRequests(): Run {
  const hooks = globalThis.process?.getBuiltinModule?.('node:async_hooks');
  return hooks ? hooks.AsyncLocalStorage.snapshot() : (work) => work();
}
