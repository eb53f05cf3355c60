import { parseProblem } from '@unite/problem/client';
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';
import { summaryOf } from '@/lib/request-summary';
import type { ContactScore } from '@/lib/scoring/score-types';
import type { Failure } from '../form/use-problem-form';
import { tellStrip } from '../strip/strip-segments';

export type ScoreOutcome = { readonly kind: 'scored'; readonly score: ContactScore } | Failure;

interface ReadOptions {
  /** Whoever leaves takes the question back. */
  readonly signal: AbortSignal;
  /** Hears the reason while the model says it, piece by piece. */
  readonly onReason: (text: string) => void;
}

/**
 * Has a contact scored.
 *
 * @throws TypeError when the server is not reached; whatever `signal` was aborted with
 */
export async function readScore(contactId: string, { signal, onReason }: ReadOptions): Promise<ScoreOutcome> {
  const startedAtMs = performance.now();
  const response = await fetch(`/api/contacts/${contactId}/score`, {
    method: 'POST',
    headers: { accept: 'text/event-stream, application/json' },
    signal,
  });
  tellStrip(summaryOf(response, performance.now() - startedAtMs));
  // All at once: a refusal, or streaming is switched off.
  if (!response.body || !response.headers.get('content-type')?.startsWith('text/event-stream'))
    return outcomeOf(response);

  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  for (;;) {
    const { value, done } = await events.read();
    // It broke off without a word.
    if (done) return { kind: 'offline' };
    const outcome = await outcomeOfEvent(value, onReason);
    if (outcome) return outcome;
  }
}

async function outcomeOfEvent(
  { event, data }: EventSourceMessage,
  onReason: ReadOptions['onReason'],
): Promise<ScoreOutcome | undefined> {
  if (event === 'score') return { kind: 'scored', score: JSON.parse(data) as ContactScore };
  if (event === 'reason') onReason((JSON.parse(data) as { text: string }).text);
  if (event !== 'problem') return undefined;
  const { status } = JSON.parse(data) as { status: number };
  return outcomeOf(new Response(data, { status, headers: { 'content-type': 'application/problem+json' } }));
}

async function outcomeOf(response: Response): Promise<ScoreOutcome> {
  const copy = response.clone();
  const problem = await parseProblem(response);
  if (problem) return { kind: 'problem', problem, document: await copy.text() };
  return { kind: 'scored', score: (await response.json()) as ContactScore };
}
