import type { ProblemSource } from '@unite/core';
import { type CleanProblem, cleanProblem, type RawProblem } from './clean-problem';

/** Recognises the class across module copies, where `instanceof` fails. */
const brand = Symbol.for('unite.problem.error');

/** The protocol by which any error says what it answers with; see `ProblemSource` of `@unite/core`. */
export const problemMark = Symbol.for('unite.problem');

/** The checked content, kept beside the error so that nothing can change it after the check. */
const contents = new WeakMap<object, CleanProblem>();

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

  /** @param code slug of the type. @default the type's URI */
  constructor(code: Code | undefined, problem: RawProblem, options?: ErrorOptions) {
    const content = cleanProblem(problem);
    super(content.detail ?? content.title, options);
    this.code = code ?? (content.type as Code);
    this.digest = `unite;${this.code};${content.status}`;
    contents.set(this, content);
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

  /** What is sent: `type` (its URI), `title`, `detail`, `extensions` with `errors` among them. Frozen. */
  get problem(): CleanProblem {
    return contents.get(this) as CleanProblem;
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

/** The checked content of an error that this copy of the package made. */
export function contentOf(error: unknown): CleanProblem | undefined {
  return contents.get(error as object);
}
