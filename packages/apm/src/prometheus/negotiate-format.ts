/** How metrics are written. */
export type ScrapeFormat = 'text' | 'openmetrics';

export const contentTypes: Readonly<Record<ScrapeFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Media ranges that are looked at: a scraper sends a handful. */
const maxRanges = 32;

/**
 * OpenMetrics where the scraper says that it takes it, and takes nothing else more gladly; else the text format, which
 * everything can read, so that nobody is refused.
 *
 * @see RFC 9110 §12.5.1
 */
export function negotiateFormat(accept: string | undefined): ScrapeFormat {
  let openMetrics = 0;
  let text = 0;
  for (const range of (accept ?? '').split(',', maxRanges)) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = weightOf(parameters);
    if (type === 'application/openmetrics-text') openMetrics = Math.max(openMetrics, weight);
    if (type === 'text/plain') text = Math.max(text, weight);
  }
  return openMetrics > 0 && openMetrics >= text ? 'openmetrics' : 'text';
}

function weightOf(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  if (q === undefined) return 1;
  const weight = Number(q.slice(2));
  return weight >= 0 && weight <= 1 ? weight : 0;
}
