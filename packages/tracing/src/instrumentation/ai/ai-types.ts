import type { AttributeValue, Tracer } from '@opentelemetry/api';

type AnyMethod = (...args: never[]) => unknown;

/** A client by shape: that of `openai`, that of `@anthropic-ai/sdk`, and whatever looks like one of them. */
export interface AiClient {
  readonly chat?: { readonly completions?: { readonly create: AnyMethod } | undefined } | undefined;
  readonly responses?: { readonly create: AnyMethod } | undefined;
  readonly embeddings?: { readonly create: AnyMethod } | undefined;
  readonly messages?: { readonly create: AnyMethod } | undefined;
}

/** Options of `traceAiClient`. */
export interface TraceAiClientOptions {
  /**
   * `gen_ai.provider.name`: who answers, such as `groq` or `azure.ai.openai` for a client of OpenAI's shape.
   * @default 'openai' or 'anthropic', by the client's shape
   */
  readonly provider?: string | undefined;
  /** @default the tracer of the registered provider */
  readonly tracer?: Tracer | undefined;
}

/** Options of `aiTelemetry`. */
export interface AiTelemetryOptions {
  /** What the call is for, such as `summarise-contact`: stands on its spans as `ai.telemetry.functionId`. */
  readonly functionId?: string | undefined;
  /** Further attributes, under `ai.telemetry.metadata.`. */
  readonly metadata?: Readonly<Record<string, AttributeValue>> | undefined;
  /** @default the tracer of the registered provider */
  readonly tracer?: Tracer | undefined;
}
