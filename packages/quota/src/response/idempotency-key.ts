import { parseItem } from 'structured-headers';
import { QuotaError } from '../errors';

const maxLength = 255;
const visible = /^[\x21-\x7e]+$/;
/** A repetition of these does something twice; the others may be repeated as they are. */
const methods: ReadonlySet<string> = new Set(['POST', 'PATCH']);

/**
 * The key of a request that must be charged once (draft-ietf-httpapi-idempotency-key-header-07 §2). The draft has it
 * as a string in quotes; many clients send it without, and mean the same.
 *
 * @param header `Idempotency-Key` as it came
 * @returns `undefined` without the header, and for methods that may be repeated
 * @throws QuotaError `UNITE_QUOTA_KEY_INVALID`, which answers with 400
 */
export function idempotencyKey(method: string, header: string | undefined): string | undefined {
  if (header === undefined || !methods.has(method)) return undefined;
  const key = header.startsWith('"') ? unquoted(header) : header;
  if (key.length <= maxLength && visible.test(key)) return key;
  const detail = `Idempotency-Key must have 1 to ${maxLength} visible ASCII characters.`;
  throw new QuotaError('UNITE_QUOTA_KEY_INVALID', detail, {
    problem: { type: 'about:blank', status: 400, title: 'Bad Request', detail },
  });
}

/** What is no string of a structured field is no key either. */
function unquoted(header: string): string {
  try {
    return String(parseItem(header)[0]);
  } catch {
    return '';
  }
}
