import type { RawProblem } from './clean-problem';
import { problemType } from './clean-problem';
import { conventionalProblem } from './conventional-problem';
import { contentOf, ProblemError } from './errors';
import { guarded } from './guarded';
import { markedProblem, readProperty } from './marked-problem';
import { mostRelevant } from './most-relevant';
import type { Registry } from './registry';
import { isProblemStatus } from './status-phrase';
import type { Occurrence, ProblemsOptions } from './types';

/** Turns anything thrown into a problem; never throws. */
export type Identify = (error: unknown, clientLeft?: boolean) => ProblemError;

/** Of an `AggregateError`, this many are looked at, and so deep. */
const maxAggregated = 100;
const maxDepth = 3;

/**
 * The decision what an error is to the client. In this order: what it is marked as (itself, then up to three
 * causes), what the option `map` says, the most relevant of an `AggregateError`, what it means by convention,
 * and else an internal error, of which nothing is told.
 */
export function createIdentify(registry: Registry, map: ProblemsOptions['map']): Identify {
  return (error, clientLeft = false) => identify(error, clientLeft, 0);

  function identify(error: unknown, clientLeft: boolean, depth: number): ProblemError {
    if (contentOf(error)) return error as ProblemError;
    const marked = markedProblem(error);
    if (marked) return named(marked, error);
    return (
      mapped(error) ??
      aggregated(error, clientLeft, depth) ??
      named(conventionalProblem(error, clientLeft) ?? internal(), error)
    );
  }

  function mapped(error: unknown): ProblemError | undefined {
    return guarded('map', () => {
      const problem = map?.(error);
      return problem && createProblem(registry, problem.type, { ...problem, cause: error });
    });
  }

  function aggregated(error: unknown, clientLeft: boolean, depth: number): ProblemError | undefined {
    const errors =
      readProperty(error, 'name') === 'AggregateError' ? readProperty(error, 'errors') : undefined;
    if (depth === maxDepth || !Array.isArray(errors)) return undefined;
    const first = Array.from({ length: Math.min(errors.length, maxAggregated) }, (_, i) =>
      readProperty(errors, `${i}`),
    );
    const problem = mostRelevant(first.map((each) => identify(each, clientLeft, depth + 1)));
    return problem && named({ ...(contentOf(problem) as RawProblem) }, error);
  }

  /** A problem from elsewhere, with what the registry knows about its type. */
  function named(problem: RawProblem, cause: unknown): ProblemError {
    const entry = registry.find(problem.type);
    const type = problemType(registry.uriOf(problem.type));
    const title = problem.title ?? entry?.definition.title;
    const headers = { ...entry?.definition.headers, ...(problem.headers as object | undefined) };
    return new ProblemError(entry?.slug ?? type, { ...problem, type, title, headers }, { cause });
  }

  function internal(): RawProblem {
    const definition = registry.find('internal')?.definition;
    return definition && definition.status >= 500
      ? { type: 'internal', status: definition.status }
      : { type: 'about:blank', status: 500 };
  }
}

/** @throws TypeError when the registry does not know the type, or the status is none of a problem */
export function createProblem(
  registry: Registry,
  type: string | number,
  occurrence: Occurrence = {},
): ProblemError {
  const { cause, ...particulars } = occurrence;
  const options = cause === undefined ? undefined : { cause };
  if (typeof type === 'number') {
    if (!isProblemStatus(type))
      throw new TypeError(`problems.error: status must be from 400 to 599, got ${type}`);
    return new ProblemError('about:blank', { ...particulars, type: 'about:blank', status: type }, options);
  }
  const entry = registry.find(type);
  if (!entry) throw new TypeError(`problems.error: the registry has no type ${JSON.stringify(type)}`);
  const { status, title, headers } = entry.definition;
  return new ProblemError(
    entry.slug,
    {
      ...particulars,
      type: entry.uri,
      status,
      title,
      headers: headers ? { ...headers, ...occurrence.headers } : occurrence.headers,
    },
    options,
  );
}
