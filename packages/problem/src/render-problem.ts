import { openChannel } from '@unite/shared';
import type { ProblemError } from './errors';
import { guarded } from './guarded';
import { negotiateLanguage } from './negotiate-language';
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

const channel = openChannel('unite:problem:respond');

/** What stays the same from one answer to the next. */
export interface Rendering {
  readonly registry: Registry;
  readonly languages: readonly string[];
  readonly translate: ProblemsOptions['translate'];
}

/** Language, form, headers and body of one answer. */
export function renderProblem(
  { problem: { type, status, headers } }: ProblemError,
  original: ProblemDocument,
  request: ProblemRequest | undefined,
  renderPage: ProblemPageRenderer | false | undefined,
  { registry, languages, translate }: Rendering,
): RenderedProblem {
  const definition = registry.find(type)?.definition;
  const language = languages[1]
    ? negotiateLanguage(request?.headers.get('accept-language'), languages)
    : (languages[0] as string);
  const document = language === languages[0] ? original : translated();
  const page =
    guarded('html', () => renderPage && request && renderPage(document, { definition, language, request })) ||
    undefined;
  const { vary, ...more } = headers;
  return {
    status,
    headers: {
      'content-type': page ? 'text/html; charset=utf-8' : 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(languages[1] && { 'content-language': language }),
      ...safeHeaders(page?.headers),
      ...more,
      vary: `Accept, Accept-Language${vary ? `, ${vary}` : ''}`,
    },
    body: request?.method === 'HEAD' ? '' : (page?.html ?? stringifyDocument(document)),
    document,
  };

  function translated(): ProblemDocument {
    const { title, detail } = {
      title: definition?.translations?.[language]?.title,
      ...guarded('translate', () => translate?.(original, language)),
    };
    return { ...original, ...(title && { title }), ...(detail && { detail }) };
  }
}

/** Tells tracing and metrics, inside the request's span. */
export function publishRespond({ problem: { type, status } }: ProblemError, error: unknown): void {
  if (channel?.hasSubscribers) channel.publish({ type, status, error } satisfies ProblemRespondMessage);
}
