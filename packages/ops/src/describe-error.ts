import { describeValue } from '@unite/shared';
import { OpsError } from './errors';

/** An error in the words of whoever threw it. */
export interface ErrorDescription {
  /** Never empty. Passwords in URLs are left out. */
  readonly message: string;
  /** Such as `ECONNREFUSED`. */
  readonly code?: string | undefined;
}

/** How many causes are followed: the usual wrapper says `fetch failed` and keeps the reason to itself. */
const maxCauses = 3;

/** Message and code of anything that can be thrown. */
export function describeError(thrown: unknown): ErrorDescription {
  const messages: string[] = [];
  let code: string | undefined;
  let current = thrown;
  while (messages.length <= maxCauses && (messages.length === 0 || current !== undefined)) {
    const message = messageOf(current);
    // A wrapper that already says what its cause says is enough.
    if (!messages.some((said) => said.includes(message))) messages.push(message);
    else break;
    code ??= codeOf(current);
    // What this package throws says what its cause said.
    current = OpsError.isInstance(current) ? undefined : Object(current).cause;
  }
  return { message: hideCredentials(messages.join(': ')), ...(code !== undefined && { code }) };
}

/** The message and, unless it is said there, the code: `connection refused (ECONNREFUSED)`. */
export function errorLine(thrown: unknown): string {
  const { message, code } = describeError(thrown);
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}

function messageOf(thrown: unknown): string {
  if (typeof thrown === 'string' && thrown !== '') return thrown;
  const { message, errors, name } = Object(thrown) as { message?: unknown; errors?: unknown; name?: unknown };
  if (typeof message === 'string' && message !== '') return message;
  // Node's AggregateError for an address with several answers has no message of its own.
  if (Array.isArray(errors) && errors.length > 0) return [...new Set(errors.map(messageOf))].join('; ');
  if (thrown instanceof Error) return codeOf(thrown) ?? String(name);
  return `${describeValue(thrown)} was thrown`;
}

function codeOf(thrown: unknown): string | undefined {
  const { code } = Object(thrown) as { code?: unknown };
  return typeof code === 'string' && code !== '' ? code : undefined;
}

/** `redis://app:secret@host` → `redis://***@host`. */
function hideCredentials(text: string): string {
  return text.replace(/\/\/[^\s/?#@]*:[^\s/?#]*@/g, '//***@');
}
