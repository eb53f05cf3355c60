import { openChannel } from '@unite/shared';
import type { ProblemError } from './errors';
import { guarded } from './guarded';
import { negotiateLanguage, prefersHtml } from './negotiate';
import { stringifyDocument } from './problem-document';
import type { Registry } from './registry';
import { safeHeaders } from './safe-headers';
import type {
  ProblemDocument,
  ProblemPageRenderer,
  ProblemRequest,
  ProblemRespondMessage,
  ProblemsOptions,
  RenderedProblem,
} from './types';

const respondChannel = openChannel('unite:problem:respond');

/** What stays the same from one answer to the next. */
export interface Rendering {
  readonly registry: Registry;
  readonly languages: readonly string[];
  readonly translate: ProblemsOptions['translate'];
}

/** Language, form, headers and body of one answer. */
export function renderProblem(
  problem: ProblemError,
  plainDocument: ProblemDocument,
  request: ProblemRequest | undefined,
  page: ProblemPageRenderer | false | undefined,
  rendering: Rendering,
): RenderedProblem {
  const definition = rendering.registry.find(problem.type)?.definition;
  const language = negotiateLanguage(request?.headers.get('accept-language'), rendering.languages);
  const document = translated();
  const html =
    page && prefersHtml(request?.headers.get('accept'))
      ? guarded('html', () => page(document, { definition, language }))
      : undefined;
  const { vary, ...headers } = problem.headers;
  return {
    status: problem.status,
    headers: {
      'content-type': html ? 'text/html; charset=utf-8' : 'application/problem+json',
      'cache-control': 'no-store',
      vary: vary ? `Accept, Accept-Language, ${vary}` : 'Accept, Accept-Language',
      'x-content-type-options': 'nosniff',
      ...(rendering.languages.length > 1 && { 'content-language': language }),
      ...(html && safeHeaders(html.headers)),
      ...headers,
    },
    body: request?.method === 'HEAD' ? '' : (html?.html ?? stringifyDocument(document)),
    document,
  };

  function translated(): ProblemDocument {
    if (language === rendering.languages[0]) return plainDocument;
    const texts = {
      title: definition?.translations?.[language]?.title,
      ...guarded('translate', () => rendering.translate?.(plainDocument, language)),
    };
    return {
      ...plainDocument,
      ...(typeof texts.title === 'string' && { title: texts.title }),
      ...(typeof texts.detail === 'string' && { detail: texts.detail }),
    };
  }
}

/** Tells tracing and metrics, inside the request's span. */
export function publishRespond(problem: ProblemError, error: unknown): void {
  if (!respondChannel?.hasSubscribers) return;
  respondChannel.publish({
    type: problem.type,
    status: problem.status,
    error,
  } satisfies ProblemRespondMessage);
}
