import { once } from '@unite/core/once';
import { traceAiClient } from '@unite/tracing/instrumentation';
import OpenAI from 'openai';
import { z } from 'zod';
import { env } from '../env';
import { problems } from '../unite';
import { instructions, maxOutputTokens } from './prompt';

export interface Verdict {
  readonly score: number;
  readonly reason: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const timeoutMs = 10_000;
const answer = z.object({ score: z.int().min(0).max(100), reason: z.string().max(500) });

/**
 * What the model says of a contact.
 *
 * @throws ProblemError `scoring-failed`
 */
export async function askModel(question: string, signal: AbortSignal): Promise<Verdict> {
  try {
    const { choices, usage } = await client().chat.completions.create(
      {
        model: scoringModel(),
        max_completion_tokens: maxOutputTokens,
        response_format: { type: 'json_object' },
        messages: [
          { role: 'system', content: instructions },
          { role: 'user', content: question },
        ],
      },
      { signal },
    );
    const said = answer.parse(JSON.parse(choices[0]?.message.content ?? ''));
    return { ...said, inputTokens: usage?.prompt_tokens ?? 0, outputTokens: usage?.completion_tokens ?? 0 };
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
