import type { BrowserErrorsOptions, BrowserService } from './browser-types';
import { pageOf } from './page-of';
import { send } from './send';
import type { Part } from './start-browser-apm';

/** Of one page; a page that fails in a loop says no more than that. */
const maxReports = 20;
const maxMessage = 1_000;
const maxStack = 5_000;
/** Letters may take more bytes than one. */
const maxBytes = 8_000;

/** Sends errors that nobody caught to an address of the application's, each once. */
export function errorsPart(
  { url, withoutConsent }: BrowserErrorsOptions,
  service: BrowserService,
  route: () => string | undefined,
): Part {
  const seen = new Set<string>();
  let isOn = false;
  return {
    set(isGranted) {
      const wasOn = isOn;
      isOn = isGranted() || withoutConsent === true;
      if (isOn === wasOn) return;
      const change = isOn ? addEventListener : removeEventListener;
      change('error', uncaught);
      change('unhandledrejection', rejected);
    },
  };

  function uncaught({ error, message, filename, lineno, colno }: ErrorEvent): void {
    // What is of another origin says nothing, and a resource that did not load is no error of the page.
    if (error || filename)
      report(error ?? { message, stack: `${message}\n    at ${filename}:${lineno}:${colno}` });
  }

  function rejected({ reason }: PromiseRejectionEvent): void {
    report(reason);
  }

  function report(thrown: unknown): void {
    try {
      const { name, message, stack } = Object(thrown);
      const error = {
        name: String(name ?? 'Error').slice(0, 100),
        message: String(message ?? thrown).slice(0, maxMessage),
        stack: String(stack ?? '').slice(0, maxStack),
      };
      const key = error.message + error.stack;
      if (seen.size >= maxReports || seen.has(key)) return;
      seen.add(key);
      const { release, deployment } = service;
      const page = { release, deployment: deployment?.id, ...pageOf(route) };
      while (new Blob([JSON.stringify({ ...error, ...page })]).size > maxBytes && error.stack) {
        error.stack = error.stack.slice(0, error.stack.length / 2);
      }
      send(url, { ...error, ...page }).catch(() => {});
    } catch {
      // A getter of what was thrown threw.
    }
  }
}
