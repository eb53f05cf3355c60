import { documentedTypes, type ProblemRegistry } from './documented-types';
import { indexPage } from './index-page';
import { indexMarkdown, typeMarkdown } from './markdown';
import type { StyleOptions } from './page-shell';
import { typePage } from './type-page';

/** The pages as complete texts: slug → page, `''` → index. */
export interface ProblemPages {
  readonly html: Readonly<Record<string, string>>;
  readonly markdown: Readonly<Record<string, string>>;
}

/** Options of {@link problemPages}. */
export interface ProblemPagesOptions extends StyleOptions {
  /** Language of the texts. @default the registry's first */
  readonly language?: string | undefined;
}

/**
 * The registry's pages for a site that is generated rather than served. {@link problemDocs} serves them.
 *
 * @example
 * const { markdown } = problemPages(problems);
 * for (const [slug, text] of Object.entries(markdown)) await writeFile(`docs/errors/${slug || 'index'}.md`, text);
 */
export function problemPages(
  problems: ProblemRegistry,
  { language = problems.languages[0] ?? 'en', ...styling }: ProblemPagesOptions = {},
): ProblemPages {
  const types = documentedTypes(problems, language).filter(({ uri }) => uri.startsWith(problems.baseUrl));
  const hrefOf = ({ slug }: { readonly slug: string }): string => problems.baseUrl + slug;
  return {
    html: {
      '': indexPage(types, hrefOf, language, styling),
      ...Object.fromEntries(
        types.map((type) => [type.slug, typePage(type, problems.baseUrl, language, styling)]),
      ),
    },
    markdown: {
      '': indexMarkdown(types, hrefOf),
      ...Object.fromEntries(types.map((type) => [type.slug, typeMarkdown(type)])),
    },
  };
}
