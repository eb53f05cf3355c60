import { type Html, html } from './html';

/** The status as a badge; 5xx looks different, and says so by its number. */
export function statusBadge(status: number): Html {
  return html`<span class="status${status >= 500 && ' server'}">${status}</span>`;
}

/** A section, if there is something to say. */
export function section(title: string, content: Html | string | undefined): Html | undefined {
  if (!content) return undefined;
  return html`<h2>${title}</h2>
${typeof content === 'string' ? html`<p>${content}</p>` : content}`;
}

/** JSON as people read it, in a region that scrolls by itself and can be reached by keyboard. */
export function jsonBlock(label: string, value: unknown): Html {
  return html`<pre tabindex="0" role="region" aria-label="${label}"><code>${JSON.stringify(value, null, 2)}</code></pre>`;
}

/** A list of names and texts. */
export function definitionList(entries: readonly (readonly [string, Html | string])[]): Html | undefined {
  if (entries.length === 0) return undefined;
  return html`<dl>${entries.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`;
}

/** Only what a browser opens as a page becomes a link: `javascript:` is a valid URI too. */
export function isWebLink(uri: string): boolean {
  return /^(https?:\/\/|\/(?!\/))/i.test(uri);
}
