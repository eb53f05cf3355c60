import { readField } from './read-field';

const quieted = new WeakSet<object>();
const tracedElsewhere = new Error('traced by @unite/tracing');

/**
 * `@anthropic-ai/sdk` makes a span of its own for each message, under other names, since version 1. One call is one
 * span, so that one is left out; those of sessions, tools and the like stay.
 *
 * Its client asks the tracer for nothing else, and takes one that throws for one that is switched off.
 */
export function quietOwnSpans(client: unknown): void {
  const tracer = readField(client, '_tracer');
  if (!isTracer(tracer) || quieted.has(tracer)) return;
  const quiet: OwnTracer = {
    startSpan(name, ...rest) {
      if (name.endsWith('messages.create')) throw tracedElsewhere;
      return tracer.startSpan(name, ...rest);
    },
  };
  quieted.add(quiet);
  Reflect.set(client as object, '_tracer', quiet);
}

interface OwnTracer {
  startSpan(name: string, ...rest: unknown[]): unknown;
}

function isTracer(value: unknown): value is OwnTracer {
  return typeof readField(value, 'startSpan') === 'function';
}
