import { once } from '@unite/core/once';
import type { TrialId } from './trials';

/** Sessions that are remembered; of more, those that came first are forgotten. */
const maxSessions = 1_000;

/** Who has seen what, as this process knows it: for a demo, which is one process, and gone when that ends. */
const seenBySession = once('crm.try-this', () => new Map<string, Set<TrialId>>());

/** Remembers that a session has seen this. */
export function noteSeen(sessionId: string, trials: Iterable<TrialId>): void {
  const seen = seenBySession.get(sessionId) ?? new Set();
  for (const trial of trials) seen.add(trial);
  if (seen.size === 0) return;
  seenBySession.set(sessionId, seen);
  const [first] = seenBySession.keys();
  if (seenBySession.size > maxSessions && first !== undefined) seenBySession.delete(first);
}

/** What a session has seen. */
export function seenBy(sessionId: string): readonly TrialId[] {
  return [...(seenBySession.get(sessionId) ?? [])];
}
