import { openChannel } from '@unite/shared';
import type { ProblemError } from './errors';
import { guarded } from './guarded';
import { stringifyDocument } from './problem-document';
import { safeHeaders } from './safe-headers';
import type {
  ProblemPageRenderer,
  ProblemRequest,
  ProblemRespondMessage,
  ProblemType,
  RenderedProblem,
  TranslatedProblem,
} from './types';

const channel = openChannel('unite:problem:respond');

/** Form, headers and body of one answer. */
export function renderProblem(
  { status, headers }: ProblemError,
  { document, language }: Omit<TranslatedProblem, 'language'> & { readonly language?: string },
  definition: ProblemType | undefined,
  request: ProblemRequest | undefined,
  renderPage: ProblemPageRenderer | false | undefined,
): RenderedProblem {
  const page =
    renderPage && request
      ? guarded('html', () => renderPage(document, { definition, language: language ?? 'en', request }))
      : undefined;
  const { vary, ...more } = headers;
  return {
    status,
    headers: {
      'content-type': page ? 'text/html; charset=utf-8' : 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(language && { 'content-language': language }),
      ...safeHeaders({ ...page?.headers }),
      ...more,
      vary: ['Accept', language && 'Accept-Language', vary].filter(Boolean).join(', '),
    },
    body: request?.method === 'HEAD' ? '' : (page?.html ?? stringifyDocument(document)),
    document,
  };
}

/** Tells tracing and metrics, inside the request's span. */
export function publishRespond({ problem: { type, status } }: ProblemError, error: unknown): void {
  if (channel?.hasSubscribers) channel.publish({ type, status, error } satisfies ProblemRespondMessage);
}
