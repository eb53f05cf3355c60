import type { KeyCheck } from './testing-types';

/** Makes a check of what is to be done with what was opened. */
export function keyCheck<Subject extends { readonly close?: (() => Promise<void>) | undefined }>(
  name: string,
  summary: string,
  play: (subject: Subject) => Promise<void>,
): KeyCheck<Subject> {
  return {
    name,
    summary,
    async run(open) {
      const subject = await open();
      try {
        await play(subject);
      } finally {
        await subject.close?.();
      }
    },
  };
}

/** How a check calls: with a time in which everything is done. */
export function call(): { readonly signal: AbortSignal } {
  return { signal: AbortSignal.timeout(20_000) };
}
