import type { Attributes } from '@opentelemetry/api';
import { genAi } from './gen-ai-attributes';
import { readField, readNumber, readText } from './read-field';

/** More choices than anybody asks for; a stream cannot make the list grow without end. */
const maxFinishReasons = 32;

/**
 * What an answer says about itself, gathered from the whole of it or from the events of its stream: chat completions
 * and their chunks, responses and their events, embeddings, messages and their events. Nothing of the content is read.
 */
export class AnswerFacts {
  /** What went wrong by the answer's own word, where the call itself did not fail. */
  failure: string | undefined;
  readonly #usage: Usage = {};
  readonly #finishReasons: string[] = [];
  #id: string | undefined;
  #model: string | undefined;

  learn(part: unknown): void {
    // The events of OpenAI's responses carry a `response`, the first one of Anthropic's messages a `message`.
    const answer = readField(part, 'response') ?? readField(part, 'message') ?? part;
    this.#id = readText(answer, 'id') ?? this.#id;
    this.#model = readText(answer, 'model') ?? this.#model;
    learnUsage(this.#usage, readField(answer, 'usage'));
    this.#learnEnd(part, answer);
  }

  attributes(): Attributes {
    const { input, output, cacheRead, cacheCreation, reasoning, besides } = this.#usage;
    return {
      [genAi.responseId]: this.#id,
      [genAi.responseModel]: this.#model,
      [genAi.finishReasons]: this.#finishReasons.length > 0 ? this.#finishReasons : undefined,
      [genAi.inputTokens]:
        input === undefined ? undefined : input + (besides ? (cacheRead ?? 0) + (cacheCreation ?? 0) : 0),
      [genAi.outputTokens]: output,
      [genAi.cacheReadTokens]: cacheRead,
      [genAi.cacheCreationTokens]: cacheCreation,
      [genAi.reasoningTokens]: reasoning,
    };
  }

  #learnEnd(part: unknown, answer: unknown): void {
    const choices = readField(answer, 'choices');
    for (const choice of Array.isArray(choices) ? choices : [])
      this.#finish(readText(choice, 'finish_reason'));
    this.#finish(readText(answer, 'stop_reason') ?? readText(readField(part, 'delta'), 'stop_reason'));
    if (readText(answer, 'object') === 'response') this.#learnStatus(answer);
    // An event that OpenAI's responses end with, which the client does not throw.
    if (readText(part, 'type') === 'error') this.failure = readText(part, 'code') ?? 'error';
  }

  /** Of an OpenAI response, which may fail although the request succeeded. */
  #learnStatus(response: unknown): void {
    const status = readText(response, 'status');
    if (status === 'failed') this.failure = readText(readField(response, 'error'), 'code') ?? status;
    if (status === 'completed' || status === 'incomplete') {
      this.#finish(readText(readField(response, 'incomplete_details'), 'reason') ?? status);
    }
  }

  #finish(reason: string | undefined): void {
    if (reason !== undefined && this.#finishReasons.length < maxFinishReasons)
      this.#finishReasons.push(reason);
  }
}

interface Usage {
  input?: number | undefined;
  output?: number | undefined;
  cacheRead?: number | undefined;
  cacheCreation?: number | undefined;
  reasoning?: number | undefined;
  /** Whether cached tokens are counted beside the input and not within it: Anthropic does, OpenAI does not. */
  besides?: boolean | undefined;
}

/** The last word holds: counts of a stream are of all of it so far. */
function learnUsage(known: Usage, usage: unknown): void {
  if (usage === undefined || usage === null) return;
  const inputDetails = readField(usage, 'prompt_tokens_details') ?? readField(usage, 'input_tokens_details');
  const outputDetails =
    readField(usage, 'completion_tokens_details') ?? readField(usage, 'output_tokens_details');
  const cacheReadBesides = readNumber(usage, 'cache_read_input_tokens');
  const cacheCreation = readNumber(usage, 'cache_creation_input_tokens');
  known.input = readNumber(usage, 'prompt_tokens') ?? readNumber(usage, 'input_tokens') ?? known.input;
  known.output = readNumber(usage, 'completion_tokens') ?? readNumber(usage, 'output_tokens') ?? known.output;
  known.cacheRead = cacheReadBesides ?? readNumber(inputDetails, 'cached_tokens') ?? known.cacheRead;
  known.cacheCreation = cacheCreation ?? known.cacheCreation;
  known.reasoning =
    readNumber(outputDetails, 'reasoning_tokens') ??
    readNumber(outputDetails, 'thinking_tokens') ??
    known.reasoning;
  known.besides ||= cacheReadBesides !== undefined || cacheCreation !== undefined;
}
