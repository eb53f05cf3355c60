import { type Answer, type ApiOptions, api } from './api';

/** Two processes of one application over one Redis; none where there is no Redis. */
export const [here = '', there = ''] = (process.env.TEST_CACHE_ORIGINS ?? '').split(',');

/** How long a change takes at most to be seen by every process. */
export const boundMs = 5_000;

/** Asks until the answer is so; fails after the bound. @returns it, and how long that took */
export async function within(
  path: string,
  options: ApiOptions,
  isSo: (answer: Answer) => boolean,
  limitMs = boundMs,
): Promise<{ readonly answer: Answer; readonly tookMs: number }> {
  const startedAtMs = performance.now();
  for (;;) {
    const answer = await api(path, options);
    const tookMs = performance.now() - startedAtMs;
    // Asked faster than the plan allows: nothing is known.
    if (answer.status !== 429 && isSo(answer)) return { answer, tookMs };
    if (tookMs > limitMs) throw new Error(`${path} did not become so within ${limitMs} ms: ${answer.text}`);
  }
}

/** `memory`, `redis` or `database`, as the answer itself says. */
export function sourceOf({ headers }: Answer): 'memory' | 'redis' | 'database' | undefined {
  const status = headers.get('cache-status');
  if (status === null) return undefined;
  const [, layer] = /crm-(memory|redis); hit/.exec(status) ?? [];
  return (layer as 'memory' | 'redis' | undefined) ?? 'database';
}

/** Asks until memory answers. */
export async function warmed(path: string, options: ApiOptions): Promise<Answer> {
  return (await within(path, options, (answer) => sourceOf(answer) === 'memory')).answer;
}

/** The cookies that an answer sets, as the client's next request has them. */
export function cookiesOf({ headers }: Answer): string {
  return headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}
