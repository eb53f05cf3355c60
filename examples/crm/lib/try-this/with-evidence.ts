import type { RouteWrapper } from '@unite/core';
import type { PageRunner } from '@unite/core/next';
import { type RequestFacts, requestFacts } from '../request-facts';
import { noteSeen } from './evidence';
import type { TrialId } from './trials';

type SessionIdOf = (headers: Headers) => string | undefined;

/** Notes what each answer is evidence of, for the session that it goes to. Inside of the facts, outside of the problems. */
export function withEvidence(sessionIdOf: SessionIdOf): RouteWrapper {
  return (handler) => async (request, args) => {
    const response = await handler(request, args);
    const sessionId = sessionIdOf(request.headers);
    if (sessionId === undefined) return response;
    const isRefusal = request.method !== 'GET' && response.status >= 400 && isProblem(response.headers);
    noteSeen(sessionId, [...trialsIn(requestFacts()), ...(isRefusal ? (['refusal'] as const) : [])]);
    return response;
  };
}

/** The same for what pages read. */
export function pageEvidence(options: {
  readonly page: PageRunner;
  readonly headers: () => Promise<Headers>;
  readonly sessionIdOf: SessionIdOf;
}): PageRunner {
  return (work) =>
    options.page(async () => {
      const result = await work();
      const sessionId = options.sessionIdOf(await options.headers());
      if (sessionId !== undefined) noteSeen(sessionId, trialsIn(requestFacts()));
      return result;
    });
}

function isProblem(headers: Headers): boolean {
  return headers.get('content-type')?.startsWith('application/problem+json') ?? false;
}

function* trialsIn(facts: RequestFacts | undefined): Iterable<TrialId> {
  const reads = facts?.cacheReads ?? [];
  if (reads.some(({ from }) => from === 'memory')) yield 'memory';
  // Only an answer that was kept is among the reads: the model's own is no read.
  if (reads.some(({ name }) => name === 'score')) yield 'score';
  if (facts?.node?.role === 'replica') yield 'replica';
}
