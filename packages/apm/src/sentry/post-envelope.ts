import type { TransportMakeRequestResponse } from '@sentry/core';
import { untraced } from './untraced';

/**
 * What became of an envelope: the receiver took it; said to wait (429); failed, or was not there, so that it may be
 * sent again; refused it for good; found it too large.
 */
export type Verdict = 'taken' | 'limited' | 'failed' | 'refused' | 'too-large';

/** What a receiver said. */
export interface Answer extends TransportMakeRequestResponse {
  readonly verdict: Verdict;
}

/** The part of `fetch` that is used. */
export type Fetch = (
  url: string,
  init: RequestInit,
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: unknown;
}>;

export interface EnvelopeRequest {
  readonly url: string;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
}

/** An answer is an id. What is longer is not read, so that the connection cannot be used again. */
const maxAnswerBytes = 16_384;

/** One request, which is not traced. Never rejects. @param ending aborts when nobody waits for it any more */
export async function postEnvelope(
  { url, fetch, timeoutMs }: EnvelopeRequest,
  body: Uint8Array,
  ending: AbortController,
): Promise<Answer> {
  const timer = setTimeout(() => ending.abort(), timeoutMs).unref();
  try {
    const response = await untraced(() =>
      fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-sentry-envelope' },
        body: body as BodyInit,
        // The address holds the project's key: it is not told to another host.
        redirect: 'manual',
        // Frameworks that cache what is fetched shall not.
        cache: 'no-store',
        signal: ending.signal,
      }),
    );
    const { status: statusCode, headers } = response;
    const answer: Answer = {
      verdict: verdictOf(statusCode, headers.get('content-type')),
      statusCode,
      headers: {
        'x-sentry-rate-limits': headers.get('x-sentry-rate-limits'),
        'retry-after': headers.get('retry-after'),
      },
    };
    await drain(response.body as AsyncIterable<Uint8Array> | null).catch(() => {});
    return answer;
  } catch {
    return { verdict: 'failed' };
  } finally {
    clearTimeout(timer);
  }
}

function verdictOf(status: number, contentType: string | null): Verdict {
  // What answers a page is no receiver: a proxy's sign-in, or a wrong address.
  if (status >= 200 && status < 300) return contentType?.startsWith('text/html') ? 'refused' : 'taken';
  if (status === 429) return 'limited';
  if (status === 413) return 'too-large';
  return status >= 500 || status === 408 ? 'failed' : 'refused';
}

/** An answer that was not read keeps its connection. */
async function drain(chunks: AsyncIterable<Uint8Array> | null): Promise<void> {
  let bytes = 0;
  for await (const chunk of chunks ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes) break;
  }
}
