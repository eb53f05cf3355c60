import type { RawMembers, RawProblem } from './clean-problem';
import { blank, conventionalProblem } from './conventional-problem';
import { ProblemError } from './errors';
import { guarded } from './guarded';
import { markedProblem } from './marked-problem';
import { mostRelevant } from './most-relevant';
import type { Registry } from './registry';
import { isProblemStatus } from './status-phrase';
import type { ProblemsOptions } from './types';

/** Turns anything thrown into a problem; never throws. */
export type Identify = (error: unknown, clientLeft?: boolean, depth?: number) => ProblemError;

/** Of an `AggregateError`, this many are looked at, and so deep. */
const maxAggregated = 100;
const maxDepth = 3;

/**
 * The decision what an error is to the client. In this order: what it is marked as (itself, then up to three
 * causes), what the option `map` says, the most relevant of an `AggregateError`, what it means by convention,
 * and else an internal error, of which nothing is told.
 */
export function createIdentify(registry: Registry, map: ProblemsOptions['map']): Identify {
  const { status = 0 } = registry.find('internal').definition ?? {};
  const internal = status >= 500 ? { type: 'internal', status } : blank(500);
  return identify;

  function identify(error: unknown, clientLeft = false, depth = 0): ProblemError {
    try {
      if (error instanceof ProblemError && error.problem) return error;
      const problem =
        markedProblem(error) ??
        guarded('map', () => mapped(error)) ??
        aggregated(error, clientLeft, depth) ??
        conventionalProblem(error, clientLeft);
      if (problem) return createProblem(registry, problem, error);
    } catch {
      // Getters and proxy traps may throw. What cannot be read says nothing.
    }
    return createProblem(registry, internal, error);
  }

  function mapped(error: unknown): RawProblem | undefined {
    const problem = map?.(error);
    return problem && rawProblem(registry, problem.type, problem);
  }

  function aggregated(error: unknown, clientLeft: boolean, depth: number): RawProblem | undefined {
    const { name, errors } = Object(error) as AggregateError;
    if (name !== 'AggregateError' || depth > maxDepth) return undefined;
    const members = mostRelevant(
      errors.slice(0, maxAggregated).map((each) => identify(each, clientLeft, depth + 1)),
    )?.problem;
    return members && { type: members.type, status: members.status, members };
  }
}

/** A problem with what the registry knows about its type, and with the error that led to it. */
export function createProblem(registry: Registry, raw: RawProblem, cause?: unknown): ProblemError {
  return new ProblemError(raw, registry.find(raw.type), cause);
}

/** @throws TypeError when the registry does not know the type, or the status is none of a problem */
export function rawProblem(registry: Registry, type: string | number, members?: RawMembers): RawProblem {
  const status = typeof type === 'string' ? registry.find(type).definition?.status : type;
  if (!isProblemStatus(status)) {
    const known = registry.entries.map(({ slug }) => slug).join(', ');
    throw new TypeError(
      `problems: no type ${JSON.stringify(type)}; there are ${known}, and statuses from 400 to 599`,
    );
  }
  return { type: `${type}`, status, members };
}
