/**
 * Names of the OpenTelemetry semantic conventions for generative AI, as of version 1.45.0. They are in development and
 * may change, so they stand here only.
 *
 * @see https://github.com/open-telemetry/semantic-conventions-genai
 */
export const genAi = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  maxTokens: 'gen_ai.request.max_tokens',
  temperature: 'gen_ai.request.temperature',
  topP: 'gen_ai.request.top_p',
  stream: 'gen_ai.request.stream',
  dimensions: 'gen_ai.embeddings.dimension.count',
  responseId: 'gen_ai.response.id',
  responseModel: 'gen_ai.response.model',
  finishReasons: 'gen_ai.response.finish_reasons',
  /** All of the input, what came from a cache included. */
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  cacheCreationTokens: 'gen_ai.usage.cache_creation.input_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
} as const;

/** From the stable conventions. */
export const general = {
  errorType: 'error.type',
  serverAddress: 'server.address',
  serverPort: 'server.port',
} as const;

/** Our own, where the conventions have no name. */
export const uniteAi = {
  /** From the call to the first event of its stream, in milliseconds. */
  firstChunkMs: 'unite.ai.first_chunk_ms',
  /** Why an answer was not read to its end: `break`, `abort` or `unread`. Absent where it was. */
  endedBy: 'unite.ai.ended_by',
} as const;

/** What a call asks for, by the conventions. */
export type AiOperation = 'chat' | 'embeddings';
