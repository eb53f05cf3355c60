import { checkProblems } from '../check-problems';
import { negotiateLanguage } from '../negotiate-language';
import { isSlug } from '../problem-type-uri';
import type { Problems } from '../types';
import { type DocumentedType, documentedTypes } from './documented-types';
import { indexPage } from './index-page';
import { indexMarkdown, typeMarkdown } from './markdown';
import { linkedPolicy } from './page-shell';
import { preferredType } from './preferred-type';
import { problemPage } from './problem-page';
import { style, stylePath } from './style';
import { typePage } from './type-page';

const mediaTypes = ['text/html', 'text/markdown', 'application/json'] as const;

/** What the handler needs of a registry. */
export type DocumentedProblems = Pick<
  Problems,
  'registry' | 'baseUrl' | 'languages' | 'error' | 'toJSON' | 'respond'
>;

/**
 * A Web handler for the pages behind the `type` links: the index at the base URL, one page for each slug, as
 * HTML, Markdown or JSON, whichever the request prefers. Any other path is a 404 problem.
 *
 * Mount it at the base URL's path. It sets its own content security policy, loads one style sheet from below
 * the base URL, and works under `default-src 'self'` too.
 *
 * @throws TypeError for what is no registry
 * @example
 * // app/errors/[[...slug]]/route.ts
 * export const GET = problemDocs(problems);
 */
export function problemDocs(problems: DocumentedProblems): (request: Request) => Response {
  checkProblems('problemDocs', problems, 'respond');
  const base = problems.baseUrl.replace(/^https?:\/\/[^/]+/, '');

  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refused(405, { Allow: 'GET, HEAD' });
    const path = `${new URL(request.url).pathname.replace(/\/$/, '')}/`;
    if (path === `${base}${stylePath}/`)
      return answer(style, 'text/css', { 'cache-control': 'public, max-age=31536000, immutable' });

    const language = negotiateLanguage(request.headers.get('accept-language'), problems.languages);
    const types = documentedTypes(problems, language);
    const type = types.find(({ slug }) => path === `${base}${slug}/`);
    if (!type && path !== base) return refused(404);

    const mediaType = preferredType(request.headers.get('accept'), mediaTypes);
    return answer(written(mediaType), mediaType, {
      'cache-control': 'no-cache',
      'content-language': language,
      'content-security-policy': linkedPolicy,
      vary: 'Accept, Accept-Language',
    });

    function written(as: (typeof mediaTypes)[number]): string {
      const styling = { stylesheet: base + stylePath };
      if (as === 'application/json') return JSON.stringify(type ?? types);
      if (as === 'text/markdown') return type ? typeMarkdown(type) : indexMarkdown(types, hrefOf);
      return type ? typePage(type, base, language, styling) : indexPage(types, hrefOf, language, styling);
    }

    function answer(body: string, contentType: string, headers: Record<string, string>): Response {
      return new Response(request.method === 'HEAD' ? null : body, {
        headers: {
          ...headers,
          'content-type': `${contentType}; charset=utf-8`,
          'x-content-type-options': 'nosniff',
        },
      });
    }

    function refused(status: number, headers: Record<string, string> = {}): Response {
      return problems.respond(problems.error(status, { headers }), request, { html: problemPage });
    }
  };

  function hrefOf({ slug, uri }: DocumentedType): string {
    return isSlug(slug) ? base + slug : uri;
  }
}
