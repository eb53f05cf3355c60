import { createHash } from 'node:crypto';

/** Characters of a metric's name, and of a tag with its key. @see https://docs.datadoghq.com/metrics/custom_metrics */
const maxCharacters = 200;
/** What is looked at of a text: enough for 200 characters of any kind. */
const maxUnits = 2 * maxCharacters;

/**
 * The name of a metric as Datadog keeps it: ASCII letters, digits, `_` and `.`, a letter first.
 *
 * @see https://docs.datadoghq.com/metrics/custom_metrics/#naming-custom-metrics
 */
export function cleanMetricName(name: string): string {
  const clean = name.slice(0, maxUnits).replace(/[^\w.]/g, '_');
  return cut(/^[a-z]/i.test(clean) ? clean : `m${clean}`, name, maxCharacters);
}

/** The key of a tag: as its value, without `:`, and a letter first. */
export function cleanTagKey(key: string): string {
  const clean = lowerCase(key).replaceAll(':', '_');
  return cut(/^\p{L}/u.test(clean) ? clean : `t${clean}`, key, maxCharacters / 2);
}

/**
 * The value of a tag as Datadog keeps it: lower case, with letters of any language, digits and `_-:./`, no `:` at the end.
 *
 * @param key cleaned; both together have 200 characters at most
 * @see https://docs.datadoghq.com/getting_started/tagging/#define-tags
 */
export function cleanTagValue(value: string, key: string): string {
  return cut(lowerCase(value).replace(/:$/, '_'), value, maxCharacters - key.length - 1);
}

/** Tells texts apart that are the same once they are clean. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** The beginning of a text. Half of a surrogate pair is not a character. */
export function firstOf(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

function lowerCase(text: string): string {
  return text
    .slice(0, maxUnits)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\-:./]/gu, '_');
}

/** Two long texts that begin alike stay two. */
function cut(clean: string, whole: string, length: number): string {
  if (clean.length <= length && whole.length <= maxUnits) return clean;
  return `${firstOf(clean, length - 9)}_${hashOf(whole)}`;
}
