/** Stable codes of {@link TracingError}. */
export type TracingErrorCode =
  /** A package that an option asks for is not installed. */
  | 'UNITE_TRACING_PACKAGE_MISSING'
  /** The exporter did not take a batch in time. */
  | 'UNITE_TRACING_EXPORT_TIMEOUT'
  /** What a browser sent is no report of spans. */
  | 'UNITE_TRACING_REPORT_INVALID';

const brand = Symbol.for('unite.tracing.error');

/** What this package throws of its own. Nothing of it reaches a request: tracing fails quietly, and counts. */
export class TracingError extends Error {
  readonly code: TracingErrorCode;

  constructor(code: TracingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Holds across module copies, where `instanceof` does not. */
  static isInstance(value: unknown): value is TracingError {
    return typeof value === 'object' && value !== null && (value as { [brand]?: unknown })[brand] === true;
  }

  override get name(): string {
    return 'TracingError';
  }

  get [brand](): true {
    return true;
  }
}
