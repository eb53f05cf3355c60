import { weighted } from './weighted';

/**
 * The best language by lookup: each range, by weight, exact or shortened from its end (RFC 4647 §3.4); the
 * first of `languages` where none matches.
 */
export function negotiateLanguage(header: string | null | undefined, languages: readonly string[]): string {
  const ranges = weighted(header).sort((a, b) => b.weight - a.weight);
  for (const { value, weight } of ranges) {
    for (let tag = value; weight && tag; tag = tag.replace(/(^|-)[^-]*$/, '')) {
      const match = tag === '*' ? languages[0] : languages.find((language) => language.toLowerCase() === tag);
      if (match) return match;
    }
  }
  return languages[0] as string;
}
