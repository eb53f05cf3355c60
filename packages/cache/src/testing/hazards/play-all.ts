import type { Outcome } from './judge-old-reads';
import { settleWithin } from './settle-within';
import type { OldReads } from './watch-old-reads';

/** Longest time for one scenario beyond its watch: opening, races, closing. In milliseconds. */
const playMs = 60_000;

/**
 * Plays scenarios beside each other: each has its own namespace, and what takes the time is the watching. One
 * that throws has shown that.
 */
export async function playAll(
  scenarios: Readonly<Record<string, () => Promise<OldReads | string>>>,
): Promise<Record<string, Outcome>> {
  const outcomes = await Promise.all(
    Object.entries(scenarios).map(async ([name, play]) => [name, await outcomeOf(play)] as const),
  );
  return Object.fromEntries(outcomes);
}

async function outcomeOf(play: () => Promise<OldReads | string>): Promise<Outcome> {
  const settled = await settleWithin(play, playMs);
  if (settled.state === 'threw') return { broke: `threw ${settled.error}` };
  if (settled.state === 'waiting') return { broke: 'did not return within 60 s' };
  return typeof settled.value === 'string' ? { notApplicable: settled.value } : settled.value;
}
