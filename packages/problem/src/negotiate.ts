/** Longer `Accept` headers than any browser sends are not worth reading to their end. */
const maxHeaderLength = 1_000;

/**
 * Whether a page is wanted rather than JSON: only when `text/html` is strictly preferred, so that `*`/`*`,
 * no header and nonsense all mean JSON (RFC 9110 §12.5.1).
 */
export function prefersHtml(accept: string | null | undefined): boolean {
  if (!accept) return false;
  const ranges = weighted(accept);
  const json = Math.max(quality(ranges, 'application/problem+json'), quality(ranges, 'application/json'));
  return quality(ranges, 'text/html') > json;
}

/** The quality of the most specific range that matches. */
function quality(ranges: readonly Weighted[], type: string): number {
  const matching = [type, `${type.slice(0, type.indexOf('/'))}/*`, '*/*'];
  for (const range of matching) {
    const match = ranges.find(({ value }) => value === range);
    if (match) return match.quality;
  }
  return 0;
}

/**
 * The best language by lookup: each range, by weight, exact or shortened from its end (RFC 4647 §3.4);
 * the first of `languages` where none matches.
 */
export function negotiateLanguage(
  acceptLanguage: string | null | undefined,
  languages: readonly string[],
): string {
  const [fallback = 'en'] = languages;
  if (!acceptLanguage || languages.length < 2) return fallback;
  const ranges = weighted(acceptLanguage).filter((range) => range.quality > 0);
  for (const { value } of ranges.sort((a, b) => b.quality - a.quality)) {
    if (value === '*') return fallback;
    for (let tag = value; tag !== ''; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
      const match = languages.find((language) => language.toLowerCase() === tag);
      if (match) return match;
    }
  }
  return fallback;
}

interface Weighted {
  readonly value: string;
  readonly quality: number;
}

/** Parses `a;q=0.5, b` (RFC 9110 §12.4.2). A weight that is no number counts as 0. */
function weighted(header: string): Weighted[] {
  return header
    .slice(0, maxHeaderLength)
    .toLowerCase()
    .split(',')
    .map((part) => {
      const [value = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return { value, quality: weight === undefined ? 1 : Number(weight.slice(2)) || 0 };
    });
}
