import { describeValue } from '@unite/shared';
import type { GeneratorOptions } from './generator-options';

/**
 * The address of an alert's runbook, where there are runbooks.
 *
 * @throws TypeError where the function gives no absolute address: whoever is woken by the alert must get there
 */
export function runbookOf(
  alert: string,
  { runbookUrl }: Pick<GeneratorOptions, 'runbookUrl'>,
): string | undefined {
  if (runbookUrl === undefined) return undefined;
  const url: unknown = runbookUrl(alert);
  if (typeof url === 'string' && /^https?:/.test(url) && URL.canParse(url)) return url;
  throw new TypeError(
    `runbookUrl must give an absolute address of http or https for ${alert}, got ${describeValue(url)}`,
  );
}

/** What the annotations of an alert have for it. */
export function runbookAnnotation(
  alert: string,
  options: Pick<GeneratorOptions, 'runbookUrl'>,
): Record<string, string> {
  const url = runbookOf(alert, options);
  return url === undefined ? {} : { runbook_url: url };
}
