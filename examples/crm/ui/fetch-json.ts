import { type ParsedProblem, parseProblem } from '@unite/problem/client';
import { summaryOf } from '@/lib/request-summary';
import { quotaSentence } from './quota-sentence';
import { tellStrip } from './strip/strip-segments';

/** What the API answered instead. */
class RefusedError extends Error {
  readonly problem: ParsedProblem;

  constructor(problem: ParsedProblem) {
    super(quotaSentence(problem) ?? problem.detail ?? problem.title);
    this.problem = problem;
  }
}

interface FetchOptions extends RequestInit {
  /** Whether the screen goes on because of it, so that the strip tells of this request. */
  readonly isNews: boolean;
}

/**
 * An answer of the API.
 *
 * @throws RefusedError with the problem; TypeError when the server is not reached
 */
export async function fetchJson<Answer>(address: string, { isNews, ...init }: FetchOptions): Promise<Answer> {
  const startedAtMs = performance.now();
  const response = await fetch(address, init).catch(suspectOffline);
  if (isNews) tellStrip(summaryOf(response, performance.now() - startedAtMs));
  const problem = await parseProblem(response);
  if (problem) throw new RefusedError(problem);
  return (await response.json()) as Answer;
}

/** What the router would find out by the next click: it looks whether the server is there, and says so until it is. */
function suspectOffline(error: unknown): never {
  if (error instanceof TypeError) window.dispatchEvent(new Event('offline'));
  throw error;
}

/** A refusal stays one; a server that is away may come back. */
export function isWorthRetrying(error: unknown): boolean {
  return !(error instanceof RefusedError) || error.problem.status >= 500;
}

/** Why something failed, for people. */
export function reasonOf(error: unknown): string {
  return error instanceof RefusedError ? error.message : 'The server was not reached.';
}
