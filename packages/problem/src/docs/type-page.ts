import type { DocumentedType } from './documented-types';
import { type Html, html } from './html';
import { definitionList, jsonBlock, section, statusBadge } from './page-parts';
import { pageShell, type StyleOptions } from './page-shell';

/** The page behind one `type` link: what happened, what to do, what an answer looks like. */
export function typePage(
  type: DocumentedType,
  indexUrl: string,
  language: string,
  styling: StyleOptions,
): string {
  const body = html`<nav><a href="${indexUrl}">All problem types</a></nav>
${statusBadge(type.status)}
<h1>${type.title}</h1>
${type.description !== undefined && html`<p class="lead">${type.description}</p>`}
${section('What to do', type.fix)}
${section('Headers', definitionList(Object.entries(type.headers).map(([name, value]) => [name, html`<code>${value}</code>`])))}
${section('Further members', definitionList(Object.entries(type.extensions).map(([name, schema]) => [name, member(schema)])))}
${section('Example', jsonBlock('Example document', type.example))}
<footer>Type <code>${type.uri}</code>, sent as <code>application/problem+json</code> (RFC 9457)</footer>`;
  return pageShell(type.title, language, body, styling);
}

function member(schema: { readonly type?: unknown; readonly description?: unknown }): Html {
  return html`${schema.type !== undefined && html`<code>${String(schema.type)}</code> `}${String(schema.description ?? '')}`;
}
