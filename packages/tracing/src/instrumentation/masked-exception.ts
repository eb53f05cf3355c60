import type { Exception } from '@opentelemetry/api';
import { maskQuoted } from './mask-quoted';

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
  const masked = maskQuoted(text);
  return {
    name: String(name ?? 'Error'),
    ...(code === undefined ? {} : { code: String(code) }),
    message: masked,
    ...(typeof stack === 'string' ? { stack: stack.replace(text, () => masked) } : {}),
  } satisfies Exception;
}
