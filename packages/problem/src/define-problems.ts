import { currentContext } from '@unite/core/context';
import { checkProblemsOptions } from './check-problems-options';
import type { CleanProblem } from './clean-problem';
import { contentOf, type ProblemError } from './errors';
import { createIdentify, createProblem } from './identify-problem';
import { mostRelevant } from './most-relevant';
import { problemDocument } from './problem-document';
import { createRegistry } from './registry';
import { publishRespond, renderProblem } from './render-problem';
import type {
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
  checkProblemsOptions(options as unknown as ProblemsOptions);
  const { types, context = currentContext, members, html, translate } = options;
  const baseUrl = options.baseUrl.replace(/\/*$/, '/');
  const registry = createRegistry(baseUrl, types);
  const languages = languagesOf(options.languages, types);
  const identify = createIdentify(registry, options.map as ProblemsOptions['map']);
  const rendering = { registry, languages, translate };

  return {
    baseUrl,
    types,
    registry: registry.entries,
    languages,
    error: (type: string | number, occurrence?: object) => createProblem(registry, type, occurrence) as never,
    from: (error) => identify(error),
    mostRelevant: (errors) => mostRelevant(errors.map((error) => identify(error))) ?? identify(undefined),
    toJSON: (error, request) => documentOf(identify(error), request),
    render,
    respond(error, request, defaults) {
      const { status, headers, body } = render(error, request, defaults);
      return new Response(request?.method === 'HEAD' ? null : body, { status, headers });
    },
  };

  function render(error: unknown, request?: ProblemRequest, defaults?: RenderDefaults): RenderedProblem {
    const problem = identify(error, request?.signal?.aborted);
    publishRespond(problem, error);
    return renderProblem(problem, documentOf(problem, request), request, html ?? defaults?.html, rendering);
  }

  function documentOf(problem: ProblemError, request: ProblemRequest | undefined): ProblemDocument {
    return problemDocument(contentOf(problem) as CleanProblem, request, context, members);
  }
}

/** What answers may be written in: the option's languages, then those that types are translated to. */
function languagesOf(given: readonly string[] = ['en'], types: ProblemTypes): readonly string[] {
  return [
    ...new Set([...given, ...Object.values(types).flatMap((type) => Object.keys(type.translations ?? {}))]),
  ];
}
