import { type Answer, type ApiOptions, api } from './api';

/** Two processes of one application over one Redis; none where there is no Redis. */
export const [here = '', there = ''] = (process.env.TEST_CACHE_ORIGINS ?? '').split(',');

/** How long a change takes at most to be seen by every process. */
const boundMs = 5_000;

/** How long something takes at most for which no bound is promised. */
const patienceMs = 60_000;

/** Asks until the answer is so. Fails where one is not that was asked for after the bound, however long it took. */
export async function within(
  path: string,
  options: ApiOptions,
  isSo: (answer: Answer) => boolean,
  limitMs = boundMs,
): Promise<Answer> {
  const startedAtMs = performance.now();
  for (;;) {
    const askedAfterMs = performance.now() - startedAtMs;
    const answer = await api(path, options);
    // Asked faster than the plan allows: nothing is known.
    const isKnown = answer.status !== 429;
    if (isKnown && isSo(answer)) return answer;
    if (askedAfterMs > (isKnown ? limitMs : patienceMs))
      throw new Error(`${path} did not become so within ${limitMs} ms: ${answer.text}`);
  }
}

/** Asks until the answer is so, for as long as that takes. */
export function eventually(
  path: string,
  options: ApiOptions,
  isSo: (answer: Answer) => boolean,
): Promise<Answer> {
  return within(path, options, isSo, patienceMs);
}

/** `memory`, `redis` or `database`, as the answer itself says. */
export function sourceOf({ headers }: Answer): 'memory' | 'redis' | 'database' | undefined {
  const status = headers.get('cache-status');
  if (status === null) return undefined;
  const [, layer] = /crm-(memory|redis); hit/.exec(status) ?? [];
  return (layer as 'memory' | 'redis' | undefined) ?? 'database';
}

/** Asks until memory answers. */
export function warmed(path: string, options: ApiOptions): Promise<Answer> {
  return eventually(path, options, (answer) => sourceOf(answer) === 'memory');
}

/** The cookies that an answer sets, as the client's next request has them. */
export function cookiesOf({ headers }: Answer): string {
  return headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}
