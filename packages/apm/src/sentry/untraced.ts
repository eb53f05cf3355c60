/** The slot of OpenTelemetry's API, whatever its copy. The names are those of `suppressTracing` of its core. */
const apiKey = Symbol.for('opentelemetry.js.api.1');
const suppressKey = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

interface OtelContext {
  setValue(key: symbol, value: unknown): OtelContext;
}

interface ContextManager {
  active(): OtelContext;
  with<Result>(context: OtelContext, work: () => Result): Result;
}

/** Runs `work` so that OpenTelemetry, where it is set up, makes no spans of it. */
export function untraced<Result>(work: () => Result): Result {
  const { [apiKey]: api } = globalThis as { [apiKey]?: { readonly context?: ContextManager } };
  const manager = api?.context;
  return manager ? manager.with(manager.active().setValue(suppressKey, true), work) : work();
}
