import type { ProblemSource } from '../types';

/** `UNITE_CONTEXT_DEADLINE_EXCEEDED`: the time that the route allows is over. */
export type ContextErrorCode = 'UNITE_CONTEXT_DEADLINE_EXCEEDED';

const brand = Symbol.for('unite.context.error');

/**
 * The reason with which a request's `signal` aborts at its deadline, and what its handler is then
 * rejected with. Answers as 504 where `@unite/problem` is installed.
 */
export class ContextError extends Error {
  override readonly name = 'ContextError';
  readonly code: ContextErrorCode;
  /** Survives React Server Components, which replace the message of an error. */
  readonly digest: string;

  constructor(code: ContextErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.digest = `unite;${code};504`;
  }

  /** Holds across module copies, where `instanceof` does not. */
  static isInstance(value: unknown): value is ContextError {
    return typeof value === 'object' && value !== null && Object.getPrototypeOf(value)?.[brand] === true;
  }

  /** Express answers with it where no other error middleware does. */
  get status(): number {
    return 504;
  }

  get [brand](): true {
    return true;
  }

  get [Symbol.for('unite.problem')](): ProblemSource {
    return {
      type: 'about:blank',
      status: 504,
      title: 'Gateway Timeout',
      detail: 'The request took too long.',
    };
  }
}
