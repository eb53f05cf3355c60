import { signal } from '@preact/signals-core';

const quietMs = 10_000;

export interface AnnouncerOptions {
  readonly now: () => number;
  readonly after: (delayMs: number, work: () => void) => void;
}

/** What is read aloud: at most one sentence in ten seconds, and of several that come meanwhile the last. */
export function createAnnouncer({ now, after }: AnnouncerOptions) {
  const sentence = signal('');
  let saidAtMs = Number.NEGATIVE_INFINITY;
  let waiting: string | undefined;

  function say(next: string): void {
    const leftMs = saidAtMs + quietMs - now();
    if (leftMs <= 0) {
      saidAtMs = now();
      sentence.value = next;
      return;
    }
    if (waiting === undefined) after(leftMs, sayWaiting);
    waiting = next;
  }

  function sayWaiting(): void {
    const next = waiting;
    waiting = undefined;
    if (next !== undefined) say(next);
  }

  return { sentence, say };
}
