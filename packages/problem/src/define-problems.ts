import { currentContext } from '@unite/core/context';
import { checkProblemsOptions } from './check-problems-options';
import type { ProblemError } from './errors';
import { createIdentify, createProblem, rawProblem } from './identify-problem';
import { mostRelevant } from './most-relevant';
import { noteUnknownMembers } from './note-unknown-members';
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
  checkProblemsOptions(options as never);
  const { types, context = currentContext, members, html } = options;
  const baseUrl = options.baseUrl.replace(/\/*$/, '/');
  const registry = createRegistry(baseUrl, types);
  const identify = createIdentify(registry, options.map as ProblemsOptions['map']);
  const translator = options.language?.(types);

  return {
    baseUrl,
    types,
    registry: registry.entries,
    languages: translator?.languages ?? ['en'],
    error(type: string | number, occurrence?: Occurrence) {
      noteUnknownMembers(occurrence);
      return createProblem(registry, rawProblem(registry, type, occurrence), occurrence?.cause) as never;
    },
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
    const { definition } = registry.find(problem.problem.type);
    return renderProblem(
      problem,
      translator?.translate(document, definition, request) ?? { document },
      definition,
      request,
      html ?? defaults?.html,
    );
  }

  function documentOf({ problem }: ProblemError, request: ProblemRequest | undefined): ProblemDocument {
    return problemDocument(problem, request, context, members);
  }
}
