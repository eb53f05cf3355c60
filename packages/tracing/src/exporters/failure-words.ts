import { describeValue } from '@unite/shared';
import { maskSecrets } from '@unite/shared/redaction';

const maxLength = 200;
/** Of a message, which may be a whole page. */
const maxReadLength = 2_000;

/** Why an export failed, in one line and without credentials. Whatever was thrown, this does not throw. */
export function failureWords(thrown: unknown): string {
  try {
    const text = withCode(messageOf(thrown).slice(0, maxReadLength), Object(thrown).code);
    return maskSecrets(text.replace(/\s+/g, ' ')).slice(0, maxLength);
  } catch {
    return 'the exporter failed with what cannot be read';
  }
}

function messageOf(thrown: unknown): string {
  if (typeof thrown === 'string' && thrown !== '') return thrown;
  const { message, errors } = Object(thrown) as { message?: unknown; errors?: unknown };
  if (typeof message === 'string' && message !== '') return message;
  // What Node throws for a name with several addresses says nothing itself.
  if (Array.isArray(errors) && errors.length > 0) return [...new Set(errors.map(messageOf))].join('; ');
  return thrown instanceof Error ? thrown.name : `the exporter failed with ${describeValue(thrown)}`;
}

function withCode(message: string, code: unknown): string {
  return typeof code === 'string' && code !== '' && !message.includes(code)
    ? `${message} (${code})`
    : message;
}
