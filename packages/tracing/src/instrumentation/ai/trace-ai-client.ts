import { trace } from '@opentelemetry/api';
import { checkOptions, describeValue, optionChecks } from '@unite/shared';
import { tracerCheck } from './ai-option-checks';
import type { AiClient, TraceAiClientOptions } from './ai-types';
import { readField } from './read-field';
import { traceMethod } from './trace-method';
import { tracedMethods } from './traced-methods';

/** The name of the tracer. */
export const aiScope = '@unite/tracing/ai';

/**
 * Traces a client of OpenAI's or Anthropic's shape, in place: `chat.completions.create`, `responses.create`,
 * `embeddings.create`, `messages.create` and `beta.messages.create`, with the helpers (`parse`, `stream`, tool runners)
 * that go through them, and copies by `withOptions`.
 *
 * A call is one client span, `chat <model>`, over all its retries and to the end of its stream, with model, settings,
 * token usage and finish reasons. Prompts, answers, tool arguments and error messages are never recorded. The HTTP
 * spans of the `undici` instrumentation stand below it. What the methods return stays what it was, `APIPromise` and
 * `Stream` with all their methods.
 *
 * A stream that is broken off or aborted ends its span with `unite.ai.ended_by`; one that nobody reads ends it when it
 * is collected as garbage, at the time of the last event that was seen. OpenAI's chat tells the usage of a stream only
 * to who asks by `stream_options: { include_usage: true }`.
 *
 * @returns the same client
 * @throws TypeError for an option that is unknown or malformed, and for an object that has none of the methods
 * @example
 * const openai = traceAiClient(new OpenAI());
 * const groq = traceAiClient(new OpenAI({ baseURL: 'https://api.groq.com/openai/v1' }), { provider: 'groq' });
 */
export function traceAiClient<Client extends AiClient>(
  client: Client,
  options: TraceAiClientOptions = {},
): Client {
  checkOptions('traceAiClient', options, { provider: optionChecks.string, tracer: tracerCheck });
  const tracer = () => options.tracer ?? trace.getTracer(aiScope);
  const traced = tracedMethods.filter(({ path, operation, provider }) =>
    traceMethod(path.reduce(readField, client as unknown), {
      operation,
      provider: options.provider ?? provider,
      tracer,
    }),
  );
  if (traced.length === 0) {
    throw new TypeError(
      `traceAiClient: client must have chat.completions.create, responses.create, embeddings.create or messages.create, got ${describeValue(client)}`,
    );
  }
  traceCopies(client, options);
  return client;
}

/** The official clients make a new client for other options. */
function traceCopies(client: AiClient, options: TraceAiClientOptions): void {
  const withOptions = readField(client, 'withOptions');
  if (typeof withOptions !== 'function') return;
  Object.defineProperty(client, 'withOptions', {
    value: (...args: unknown[]) => traceAiClient(withOptions.apply(client, args), options),
    writable: true,
    configurable: true,
  });
}
