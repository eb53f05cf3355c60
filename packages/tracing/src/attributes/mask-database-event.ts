import type { TimedEvent } from '@opentelemetry/sdk-trace-base';
import { isDatabaseErrorType } from './is-database-error';
import { maskQuoted, maskQuotedStack } from './mask-quoted';

/** An exception that somebody else recorded; that it comes from a database is told by its type. */
export function maskDatabaseEvent(event: TimedEvent): TimedEvent {
  const { attributes = {} } = event;
  const { 'exception.message': message, 'exception.stacktrace': stack } = attributes;
  if (event.name !== 'exception' || !isDatabaseErrorType(attributes['exception.type'])) return event;
  const masked = {
    ...attributes,
    ...(typeof message === 'string' && { 'exception.message': maskQuoted(message) }),
    ...(typeof stack === 'string' && {
      'exception.stacktrace': maskQuotedStack(stack, String(message ?? '')),
    }),
  };
  return { ...event, attributes: masked };
}
