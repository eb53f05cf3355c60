import type { Clock } from '@unite/core';
import { parseMembers } from './parse-members';
import { readText } from './read-text';
import type { PatroniFetch, PatroniMember } from './types';

/** A member takes about 300 bytes. */
const maxBytes = 1_000_000;

/** How an endpoint is asked. */
export interface FetchSettings {
  readonly fetch: PatroniFetch;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/**
 * Asks one endpoint for the members.
 *
 * @throws Error that says why there is no answer; the signal's reason when that aborted
 */
export async function fetchMembers(
  endpoint: string,
  { fetch, headers, timeoutMs, clock }: FetchSettings,
  signal: AbortSignal,
): Promise<PatroniMember[]> {
  const tooLate = new AbortController();
  const answered = new AbortController();
  clock.sleep(timeoutMs, answered.signal).then(
    () => tooLate.abort(new Error(`no answer within ${timeoutMs} ms`)),
    () => undefined,
  );
  try {
    const response = await fetch(new URL('cluster', endpoint.replace(/\/*$/, '/')).href, {
      signal: AbortSignal.any([signal, tooLate.signal]),
      headers: { accept: 'application/json', ...headers },
      redirect: 'error',
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`status ${response.status}`);
    }
    return parseMembers(parseJson(await readText(response, maxBytes)));
  } finally {
    answered.abort();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError('the answer is no JSON', { cause });
  }
}
