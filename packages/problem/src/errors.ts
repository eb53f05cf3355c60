import type { ProblemSource } from '@unite/core';
import { type CleanProblem, cleanProblem, type RawProblem } from './clean-problem';
import type { KnownType } from './registry';

/** Recognises the class across module copies, where `instanceof` fails. */
const brand = Symbol.for('unite.problem.error');

/** The protocol by which any error says what it answers with; see `ProblemSource` of `@unite/core`. */
export const problemMark = Symbol.for('unite.problem');

/**
 * A problem that can be thrown. `problems.error()` makes it.
 *
 * It has the `status` and `headers` that error handlers of frameworks look for, and a `digest` of the form
 * `unite;<code>;<status>`, which survives React Server Components.
 */
export class ProblemError<Code extends string = string> extends Error {
  /** Slug of the type, its URI where the registry has none, `about:blank` for a bare status. */
  readonly code: Code;
  readonly digest: string;
  /** What is sent: `type` (its URI), `title`, `detail`, `extensions` with `errors` among them. Frozen. */
  declare readonly problem: CleanProblem;

  constructor(raw: RawProblem, type: KnownType, cause?: unknown) {
    const problem = cleanProblem(raw, type);
    super(problem.detail ?? problem.title, cause === undefined ? cause : { cause });
    this.code = (type.slug ?? problem.type) as Code;
    this.digest = `unite;${this.code};${problem.status}`;
    // Not enumerable, so that loggers do not repeat it, and nothing can change it after the check.
    Object.defineProperty(this, 'problem', { value: problem });
  }

  /** Whether the value is a `ProblemError`, of this copy of the package or another. */
  static isInstance(value: unknown): value is ProblemError {
    try {
      return (value as { [brand]?: unknown } | null)?.[brand] === true;
    } catch {
      return false;
    }
  }

  override get name(): string {
    return 'ProblemError';
  }

  get status(): number {
    return this.problem.status;
  }

  get headers(): Readonly<Record<string, string>> {
    return this.problem.headers;
  }

  get [brand](): true {
    return true;
  }

  get [problemMark](): ProblemSource {
    return this.problem;
  }
}
