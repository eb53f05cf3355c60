import type { FieldError, ProblemDocument, ProblemPageRenderer } from '../types';
import { type Html, html } from './html';
import { definitionList, isWebLink, jsonBlock, section, statusBadge } from './page-parts';
import { inlinePolicy, pageShell } from './page-shell';
import { preferredType } from './preferred-type';

/** Problems are JSON unless a page is strictly preferred. */
const pageTypes = ['application/problem+json', 'application/json', 'text/html'] as const;

/**
 * The page that a browser gets when an API answers with a problem: what happened, what to do, what to quote.
 * `/express` and `/next` use it unless the option `html` says otherwise.
 *
 * @example
 * defineProblems({ baseUrl, types, html: problemPage });
 */
export const problemPage: ProblemPageRenderer = (document, { definition, language, request }) => {
  if (preferredType(request.headers.get('accept'), pageTypes) !== 'text/html') return undefined;
  const fix = definition?.translations?.[language]?.fix ?? definition?.fix;
  const body = html`${statusBadge(document.status)}
<h1>${document.title}</h1>
${document.detail !== undefined && html`<p class="lead">${document.detail}</p>`}
${section('What to do', fix)}
${section('What is wrong', listed(document))}
${section('To quote to the support', reference(document))}
${section('As the API sends it', jsonBlock('Problem document', document))}
${isWebLink(document.type) && html`<footer><a href="${document.type}">About this kind of problem</a></footer>`}`;
  return {
    html: pageShell(`${document.status} ${document.title}`, language, body),
    headers: { 'content-security-policy': inlinePolicy },
  };
};

function listed({ errors }: ProblemDocument): Html | undefined {
  if (!Array.isArray(errors)) return undefined;
  return definitionList(
    (errors as Partial<FieldError>[]).map((error) => [
      String(error?.field ?? ''),
      String(error?.message ?? ''),
    ]),
  );
}

function reference({ requestId, traceId }: ProblemDocument): Html | undefined {
  const ids = Object.entries({ Request: requestId, Trace: traceId }).filter(
    (entry) => entry[1] !== undefined,
  );
  return definitionList(ids.map(([name, id]) => [name, html`<code>${id}</code>`]));
}
