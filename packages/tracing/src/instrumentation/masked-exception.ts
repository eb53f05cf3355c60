import type { Exception } from '@opentelemetry/api';
import { maskQuoted, maskQuotedStack } from '@unite/shared/redaction';

/** What a span may say of what was thrown: name, code, and message and stack without what is quoted in them. */
export function maskedException(thrown: unknown): {
  name: string;
  code?: string;
  message: string;
  stack?: string;
} {
  if (typeof thrown !== 'object' || thrown === null)
    return { name: 'Error', message: maskQuoted(String(thrown)) };
  const { name, code, message, stack } = thrown as Readonly<Record<string, unknown>>;
  const text = String(message ?? '');
  return {
    name: String(name ?? 'Error'),
    ...(code === undefined ? {} : { code: String(code) }),
    message: maskQuoted(text),
    ...(typeof stack === 'string' ? { stack: maskQuotedStack(stack, text) } : {}),
  } satisfies Exception;
}
