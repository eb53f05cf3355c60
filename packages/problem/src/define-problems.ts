import { currentContext } from '@unite/core/context';
import { checkProblemsOptions } from './check-problems-options';
import type { ProblemError } from './errors';
import { createIdentify, createProblem, rawProblem } from './identify-problem';
import { mostRelevant } from './most-relevant';
import { problemDocument } from './problem-document';
import { createRegistry } from './registry';
import { publishRespond, renderProblem } from './render-problem';
import type {
  Occurrence,
  ProblemDocument,
  ProblemRequest,
  Problems,
  ProblemsOptions,
  ProblemTypes,
  RenderDefaults,
  RenderedProblem,
} from './types';

/**
 * The registry of every problem an API answers with, and the functions that turn errors into answers.
 *
 * @throws TypeError that names the option, or the type and its member, and what it got
 * @example
 * export const problems = defineProblems({
 *   baseUrl: 'https://api.example.com/errors/',
 *   types: { 'contact-not-found': { status: 404, title: 'Contact not found' } },
 * });
 * throw problems.error('contact-not-found');
 */
export function defineProblems<const Types extends ProblemTypes>(
  options: ProblemsOptions<Types>,
): Problems<Types> {
  // A registry's own slugs are narrower than what the inside works with.
  const {
    types,
    context = currentContext,
    members,
    map,
    html,
    translate,
    ...rest
  } = checked(options as never);
  const baseUrl = rest.baseUrl.replace(/\/*$/, '/');
  const registry = createRegistry(baseUrl, types);
  const languages = languagesOf(rest.languages, types);
  const identify = createIdentify(registry, map);

  return {
    baseUrl,
    types: types as Types,
    registry: registry.entries,
    languages,
    error: (type: string | number, occurrence?: Occurrence) =>
      createProblem(registry, rawProblem(registry, type, occurrence), occurrence?.cause) as never,
    from: (error) => identify(error),
    mostRelevant: (errors) => mostRelevant(errors.map((error) => identify(error))) ?? identify(undefined),
    toJSON: (error, request) => documentOf(identify(error), request),
    render,
    respond(error, request, defaults) {
      const { body, ...head } = render(error, request, defaults);
      // RFC 9110 §9.3.2: the answer to HEAD has no content.
      return new Response(body || null, head);
    },
  };

  function render(error: unknown, request?: ProblemRequest, defaults?: RenderDefaults): RenderedProblem {
    const problem = identify(error, request?.signal?.aborted);
    publishRespond(problem, error);
    const document = documentOf(problem, request);
    return renderProblem(problem, document, request, html ?? defaults?.html, {
      registry,
      languages,
      translate,
    });
  }

  function documentOf({ problem }: ProblemError, request: ProblemRequest | undefined): ProblemDocument {
    return problemDocument(problem, request, context, members);
  }
}

function checked(options: ProblemsOptions): ProblemsOptions {
  checkProblemsOptions(options);
  return options;
}

/** What answers may be written in: the option's languages, then those that types are translated to. */
function languagesOf(given: readonly string[] = ['en'], types: ProblemTypes): readonly string[] {
  return [
    ...new Set([...given, ...Object.values(types).flatMap((type) => Object.keys(type.translations ?? {}))]),
  ];
}
