import { isSubmittable } from './send';

/**
 * What is wrong with what an application gave as a statement. The driver would find out when the connection
 * is already in use, in words that cannot be told from those of a broken one.
 */
export function statementMistake(query: unknown, values: unknown): TypeError | undefined {
  if (isSubmittable(query)) return undefined;
  const { text, values: own } = (typeof query === 'string' ? { text: query } : (query ?? {})) as {
    text?: unknown;
    values?: unknown;
  };
  if (typeof text !== 'string') {
    const got = query === null ? 'null' : typeof query;
    return new TypeError(`query: the first argument must be a text, or an object with a text, got ${got}`);
  }
  const given = values ?? own;
  if (given === undefined || given === null || Array.isArray(given)) return undefined;
  return new TypeError(`query: the values must be an array, got ${typeof given}`);
}
