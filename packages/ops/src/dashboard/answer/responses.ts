/**
 * What a browser may do with the dashboard's pages: every answer carries it. For a middleware or a proxy whose own policy
 * would replace that of a route, as in Next.js.
 *
 * @see https://www.w3.org/TR/CSP3
 */
export const dashboardPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** What every answer says. */
const commonHeaders = {
  'Content-Security-Policy': dashboardPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/** An answer with the dashboard's own headers; those that are given come last. */
export function respond(
  status: number,
  contentType: string,
  body: string | ReadableStream<Uint8Array> | null,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(body, {
    status,
    headers: { ...commonHeaders, 'Content-Type': contentType, ...headers },
  });
}

export function respondJson(value: unknown, status = 200): Response {
  return respond(status, 'application/json', JSON.stringify(value));
}

/** A refusal in one sentence: as a page to whoever wants one, else as a problem document. */
export function respondProblem(
  request: Request,
  status: number,
  title: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const wantsPage = request.headers.get('accept')?.includes('text/html') === true;
  if (!wantsPage) {
    const document = { type: 'about:blank', title, status, detail };
    return respond(status, 'application/problem+json', JSON.stringify(document), headers);
  }
  const [safeTitle, safeDetail] = [escapeHtml(title), escapeHtml(detail)];
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${safeTitle}</title></head><body><main><h1>${safeTitle}</h1><p>${safeDetail}</p></main></body></html>`;
  return respond(status, 'text/html; charset=utf-8', page, headers);
}

/** A text, as HTML has it between tags and in quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
