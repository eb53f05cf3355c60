import type { Apm } from '../types';
import { type BrowserIntakeOptions, receiveJson, textOf } from './receive-json';

/**
 * Takes what `feedback` of the page sends, and hands it to the sinks.
 *
 * @example
 * // app/api/feedback/route.ts
 * export const POST = feedbackHandler(apm);
 */
export function feedbackHandler(
  apm: Pick<Apm, 'feedback'>,
  options: BrowserIntakeOptions = {},
): (request: Request) => Promise<Response> {
  return receiveJson(options, ({ message, name, email, eventId, url }) => {
    const said = textOf(message, 4_000);
    if (said === undefined) return false;
    const event = textOf(eventId, 32);
    apm.feedback({
      message: said,
      name: textOf(name, 200),
      email: textOf(email, 320),
      eventId: event && /^[\da-f]{32}$/.test(event) ? event : undefined,
      url: textOf(url, 500),
    });
    return true;
  });
}
