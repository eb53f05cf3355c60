import { Html, html } from './html';
import { style, styleHash } from './style';

/** How a page gets its style under the content security policy that it is served with. */
export interface StyleOptions {
  /** URL of the style sheet, for a policy such as `style-src 'self'`. @default the style stands in the page */
  readonly stylesheet?: string | undefined;
  /** Nonce of the style in the page, where the policy has one. */
  readonly nonce?: string | undefined;
}

/** Policy of a page with the style in it: nothing else is loaded, nothing runs. */
export const inlinePolicy = policy(`'sha256-${styleHash}'`);

/** Policy of a page that links the style. */
export const linkedPolicy = policy("'self'");

/** A complete HTML document without scripts, style attributes and anything from elsewhere. */
export function pageShell(
  title: string,
  language: string,
  body: Html,
  { stylesheet, nonce }: StyleOptions = {},
): string {
  const styling = stylesheet
    ? html`<link rel="stylesheet" href="${stylesheet}">`
    : html`<style${nonce && html` nonce="${nonce}"`}>${new Html(style)}</style>`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
${styling}
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.text;
}

function policy(style: string): string {
  return `default-src 'none'; style-src ${style}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
