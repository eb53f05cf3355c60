import { guarded } from '../guarded';
import { negotiateLanguage } from '../negotiate-language';
import type { ProblemDocument, ProblemLanguage, ProblemTypes } from '../types';

/** Options of {@link acceptLanguage}. */
export interface AcceptLanguageOptions {
  /** Languages that `translate` knows; the first is what the titles are written in. @default ['en'] */
  readonly languages?: readonly [string, ...string[]] | undefined;
  /** Translates one occurrence. Titles that a type translates need none. */
  readonly translate?:
    | ((document: ProblemDocument, language: string) => { title?: string; detail?: string } | undefined)
    | undefined;
}

/**
 * Answers in the language that the request's `Accept-Language` prefers, with `Content-Language` and `Vary`
 * (RFC 9457 §3.1.3, RFC 9110 §12.5.4). Languages are those of the options and of the types' `translations`.
 *
 * @throws TypeError that names the option and what it got
 * @example
 * defineProblems({ baseUrl, types, language: acceptLanguage() });
 * defineProblems({ baseUrl, types, language: acceptLanguage({ languages: ['en', 'fr'], translate }) });
 */
export function acceptLanguage(options: AcceptLanguageOptions = {}): ProblemLanguage {
  const { languages: given = ['en'], translate, ...unknown } = options;
  for (const name in unknown) refuse('known options are languages and translate', name);
  if (!Array.isArray(given) || !given[0]) refuse('languages must be a list of language tags', given);
  checkTags('languages', given);
  if (translate !== undefined && typeof translate !== 'function')
    refuse('translate must be a function', translate);

  return (types) => {
    const languages = [...new Set([...given, ...translatedTo(types)])];
    return {
      languages,
      translate(document, definition, request) {
        const language = negotiateLanguage(request?.headers.get('accept-language'), languages);
        if (language === languages[0]) return { document, language };
        const { title, detail } = {
          title: definition?.translations?.[language]?.title,
          ...guarded('translate', () => translate?.(document, language)),
        };
        return { document: { ...document, ...(title && { title }), ...(detail && { detail }) }, language };
      },
    };
  };
}

/** The languages that a type is translated to. */
function translatedTo(types: ProblemTypes): string[] {
  const tags = Object.values(types).flatMap((type) => Object.keys(type.translations ?? {}));
  checkTags('translations', tags);
  return tags;
}

/** In the form of RFC 5646 §2.1, as far as it matters for a header. */
function checkTags(name: string, tags: readonly unknown[]): void {
  for (const tag of tags) {
    if (typeof tag !== 'string' || !/^[a-z]{2,8}(-\w{1,8})*$/i.test(tag))
      refuse(`${name} must be language tags`, tag);
  }
}

function refuse(rule: string, value: unknown): never {
  throw new TypeError(`acceptLanguage: ${rule}, got ${JSON.stringify(value)}`);
}
