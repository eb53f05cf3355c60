import type { DocumentedType } from './documented-types';
import { type Html, html } from './html';
import { section, statusBadge } from './page-parts';
import { pageShell, type StyleOptions } from './page-shell';

/** The registry as a page: every type with its status, the application's own first. */
export function indexPage(
  types: readonly DocumentedType[],
  hrefOf: (type: DocumentedType) => string,
  language: string,
  styling: StyleOptions,
): string {
  const body = html`<h1>Problem types</h1>
<p class="lead">Every error of this API is a problem document (RFC 9457). Its type is one of these, or about:blank, which means what the status says.</p>
${section('Of this API', list(types.filter((type) => !type.builtIn)))}
${section('Common to many APIs', list(types.filter((type) => type.builtIn)))}`;
  return pageShell('Problem types', language, body, styling);

  function list(group: readonly DocumentedType[]): Html | undefined {
    if (group.length === 0) return undefined;
    return html`<ul class="types">${group.map(
      (type) => html`
<li><a href="${hrefOf(type)}">${statusBadge(type.status)}<div><strong>${type.title}</strong>
${type.description !== undefined && html`<p>${type.description}</p>`}</div></a></li>`,
    )}
</ul>`;
  }
}
