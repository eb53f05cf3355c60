import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { UniteWarning } from '@unite/core';

/** The warnings of a piece of work, also those that the process has seen before. */
export async function warningsOf(work: () => unknown): Promise<[code: string, message: string][]> {
  (globalThis as { [key: symbol]: unknown })[Symbol.for('unite.warned.1')] = new Set();
  const seen: [string, string][] = [];
  const note = (warning: unknown) => {
    const { code, message } = warning as UniteWarning;
    seen.push([code, message]);
  };
  subscribe('unite:warning', note);
  try {
    await work();
  } finally {
    unsubscribe('unite:warning', note);
  }
  return seen;
}
