import { withoutQuotes } from '../write/without-quotes';

const suspicious = /\bread\s+write\b|transaction_read_only|\bset_config\b/i;
const asked = /\bread\s+write\b|\bset\b[^;]*transaction_read_only/i;
const setting = /transaction_read_only/i;

/**
 * Why a statement is refused by a read-only pool: it would make its transaction writable, or every later one on
 * its connection. On the primary that would work.
 */
export function readOnlyMistake(text: unknown, values: readonly unknown[] = []): TypeError | undefined {
  if (typeof text !== 'string' || !suspicious.test(text)) return undefined;
  const words = withoutQuotes(text);
  const isSet = /\bset_config\b/i.test(words) && [text, ...values].some((part) => setting.test(String(part)));
  if (!isSet && !asked.test(words)) return undefined;
  return new TypeError('readOnly: a statement may not make its transaction writable');
}
