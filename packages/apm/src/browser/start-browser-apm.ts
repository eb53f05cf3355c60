import type { BrowserApm, BrowserApmOptions, Consent } from './browser-types';
import { datadogPart } from './datadog-part';
import { errorsPart } from './errors-part';
import { send } from './send';
import { sentryPart } from './sentry-part';
import { vitalsPart } from './vitals-part';

/** Something that is measured with consent alone. */
export interface Part {
  /** Takes the consent of now, and asks for it again after it has waited. What it rejects with stays here. */
  set(isGranted: () => boolean): unknown;
}

/** One in a page, whatever the number of copies. */
const slotKey = Symbol.for('unite.apm.browser.1');

/**
 * Measures the page with consent, and not at all without it: before it is given nothing is loaded, sent or stored. Where
 * it is withdrawn everything stops, and what was stored is removed. Never throws into the page; a second call returns
 * what the first one started, and on a server it does nothing.
 *
 * @example
 * const apm = startBrowserApm({
 *   service: { name: 'crm', release },
 *   consent: 'denied',
 *   datadog: { load: () => import('@datadog/browser-rum'), applicationId, clientToken },
 *   errors: { url: '/api/browser-errors' },
 * });
 * banner.onAccept(() => apm.consent('granted'));
 */
export function startBrowserApm(options: BrowserApmOptions): BrowserApm {
  const isRight = typeof Object(options).service === 'object';
  if (typeof window === 'undefined' || !isRight) {
    // biome-ignore lint/suspicious/noConsole: a page has no other place for a warning, and an error would break it
    if (!isRight) console.warn('startBrowserApm: options are missing, so nothing is measured');
    return { consent() {}, feedback: async () => false };
  }
  const slots = window as { [slotKey]?: BrowserApm };
  slots[slotKey] ??= start(options);
  return slots[slotKey];
}

function start({
  service,
  consent,
  route = () => undefined,
  datadog,
  sentry,
  errors,
  vitals,
  feedback,
}: BrowserApmOptions): BrowserApm {
  const parts: Part[] = [];
  const uncaught = errors && errorsPart(errors, service, route);
  if (datadog) parts.push(datadogPart(datadog, service));
  if (sentry) parts.push(sentryPart(sentry, service));
  if (vitals) parts.push(vitalsPart(vitals, route));
  // One after the other, so that a withdrawal finds loaded what was granted before.
  let last: Promise<unknown> = Promise.resolve();
  let current: Consent = 'denied';
  const isGranted = () => current === 'granted';
  if (typeof consent === 'function') {
    set('denied');
    try {
      consent(set);
    } catch {
      // Who cannot tell has not been told.
    }
  } else set(consent);
  return {
    consent: set,
    feedback: async (said) => {
      const { message, name, email, eventId } = Object(said);
      if (!feedback || typeof message !== 'string' || !message.trim()) return false;
      const url = location.origin + location.pathname;
      return send(feedback.url, { message, name, email, eventId, url }, 'same-origin').catch(() => false);
    },
  };

  function set(next: Consent): void {
    current = next;
    // At once: a script may throw before anything else can run.
    uncaught?.set(isGranted);
    last = last.then(() => Promise.allSettled(parts.map(async (part) => part.set(isGranted))));
  }
}
