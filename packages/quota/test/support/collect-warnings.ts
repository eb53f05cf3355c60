import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** The codes of the warnings that the work says, each as often as it is said, as if none had been said before. */
export function collectWarnings(work: () => void): string[] {
  (globalThis as { [key: symbol]: Set<string> | undefined })[Symbol.for('unite.warned.1')]?.clear();
  const codes: string[] = [];
  const listen = (message: unknown): void => void codes.push((message as { code: string }).code);
  subscribe('unite:warning', listen);
  try {
    work();
  } finally {
    unsubscribe('unite:warning', listen);
  }
  return codes;
}
