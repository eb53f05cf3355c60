import type { TimedEvent } from '@opentelemetry/sdk-trace-base';
import { isDatabaseErrorType, maskQuoted, maskQuotedStack } from '@unite/shared/redaction';

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
