import { once } from '@unite/core/once';
import { traceAiClient } from '@unite/tracing/instrumentation';
import OpenAI from 'openai';
import { z } from 'zod';
import { env } from '../env';
import { problems } from '../unite';
import { countUse } from './count-use';
import { instructions, maxOutputTokens } from './prompt';

export interface Verdict {
  readonly score: number;
  readonly reason: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

interface Listening {
  /** Whoever waits has left. */
  readonly signal: AbortSignal;
  /** Hears all of the answer so far, each time there is more of it. */
  readonly onAnswer: (json: string) => void;
}

/** For all of the answer, however slowly it comes. */
const timeoutMs = 10_000;
/** More than the tokens that it may have can be. */
const maxAnswerLength = 4_000;
const answer = z.object({ score: z.int().min(0).max(100), reason: z.string().max(500) });

/**
 * What the model says of a contact, heard while it says it.
 *
 * @throws ProblemError `scoring-failed`; whatever `signal` was aborted with
 */
export async function askModel(question: string, { signal, onAnswer }: Listening): Promise<Verdict> {
  try {
    const stream = await client().chat.completions.create(
      {
        model: scoringModel(),
        max_completion_tokens: maxOutputTokens,
        response_format: { type: 'json_object' },
        messages: [
          { role: 'system', content: instructions },
          { role: 'user', content: question },
        ],
        stream: true,
        stream_options: { include_usage: true },
      },
      { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) },
    );
    let json = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      const more = chunk.choices[0]?.delta.content ?? '';
      if (json.length + more.length > maxAnswerLength) throw new Error('The model does not come to an end');
      json += more;
      usage = chunk.usage ?? usage;
      if (more !== '') onAnswer(json);
    }
    // The client takes an abort for the end of the stream.
    signal.throwIfAborted();
    const said = answer.parse(JSON.parse(json));
    if (!usage) return { ...said, ...(await countUse(question, json)) };
    return { ...said, inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
  } catch (error) {
    // Whoever waited has left, or the time is up: the hold says so itself.
    if (signal.aborted) throw error;
    throw problems.error('scoring-failed', {
      detail: 'The model gave no score. Nothing was charged; try again in a moment.',
      cause: error,
    });
  }
}

/** @throws ProblemError `scoring-not-set-up` */
export function scoringModel(): string {
  if (env.scoring) return env.scoring.model;
  throw problems.error('scoring-not-set-up', { detail: 'No model is set up here that scores contacts.' });
}

function client(): OpenAI {
  return once('crm.openai', () => {
    const { baseUrl, apiKey } = env.scoring ?? {};
    // Asked once: what failed is told to the person, who can ask again.
    return traceAiClient(new OpenAI({ baseURL: baseUrl, apiKey, timeout: timeoutMs, maxRetries: 0 }));
  });
}
