import type { Clock } from '@unite/core';
import { backgroundClock } from '@unite/shared';
import { answer } from '../intake/answer';
import { createGate } from '../intake/create-gate';
import { readBounded } from '../intake/read-bounded';

/** Options of the handlers that take what a page sends. */
export interface BrowserIntakeOptions {
  /** What is taken in a second, by this process. @default 50 */
  readonly maxPerSecond?: number | undefined;
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/** Options of the handlers whose reports have a route. */
export interface BrowserRouteOptions extends BrowserIntakeOptions {
  /**
   * Templates of pages, such as `/contacts/[id]`, beside those that this server has served: of pages that another server
   * or a CDN serves, or that only exist in the browser. A page that does not send its template is found by its path.
   * @default none
   */
  readonly routes?: readonly string[] | undefined;
}

const maxBytes = 16_384;

/**
 * A handler for small JSON objects of pages: 204 for what was taken, else 400, 408, 413 or 429, without a word.
 *
 * @param take whether it was what it should be
 */
export function receiveJson(
  { maxPerSecond = 50, clock = backgroundClock }: BrowserIntakeOptions,
  take: (report: Readonly<Record<string, unknown>>) => boolean,
): (request: Request) => Promise<Response> {
  const mayPass = createGate(maxPerSecond, clock);
  return async (request) => {
    if (!mayPass()) return answer(429);
    try {
      const bytes = await readBounded(request, maxBytes);
      if (typeof bytes === 'number') return answer(bytes);
      const report: unknown = JSON.parse(Buffer.from(bytes).toString());
      const isObject = typeof report === 'object' && report !== null;
      return answer(isObject && take(report as Readonly<Record<string, unknown>>) ? 204 : 400);
    } catch {
      return answer(400);
    }
  };
}

/** A text that is short enough, else nothing. */
export function textOf(value: unknown, maxLength: number): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, maxLength) : undefined;
}
