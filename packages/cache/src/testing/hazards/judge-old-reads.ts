import { inSeconds } from './in-seconds';
import type { HazardResult, HazardSettings } from './types';
import type { OldReads } from './watch-old-reads';

/** What became of each scenario: what was read, or in words why it was not played (`undefined` figures) or broke. */
export type Outcome = OldReads | { readonly notApplicable: string } | { readonly broke: string };

/** Sums up scenarios in each of which the old value may be served for `maxStalenessMs` and no longer. */
export function judgeOldReads(
  outcomes: Readonly<Record<string, Outcome>>,
  { maxStalenessMs }: Pick<HazardSettings, 'maxStalenessMs'>,
): HazardResult {
  const figures: Record<string, string | number> = {};
  const failed: string[] = [];
  let played = 0;
  let longestMs = 0;
  for (const [name, outcome] of Object.entries(outcomes)) {
    figures[name] = inWords(outcome);
    if ('notApplicable' in outcome) continue;
    played += 1;
    if ('broke' in outcome) {
      failed.push(name);
      continue;
    }
    longestMs = Math.max(longestMs, outcome.lastOldAtMs ?? 0);
    // No more than started by then: whatever comes at the very end of a short watch has not ended.
    if ((outcome.lastOldAtMs ?? 0) > maxStalenessMs || outcome.toTheEnd) failed.push(name);
  }
  figures.longestOldMs = longestMs;
  figures.failed = failed.length;
  figures.played = played;
  if (played === 0) return { seen: 'not applicable', figures };
  const holds = failed.length === 0;
  const longest = longestMs === 0 ? 'never old' : `old for at most ${inSeconds(longestMs)}`;
  return {
    holds,
    seen: holds
      ? `${played} of ${played} held, ${longest}`
      : `${failed.length} of ${played}: ${failuresOf(failed, outcomes)}`,
    figures,
  };
}

function failuresOf(failed: readonly string[], outcomes: Readonly<Record<string, Outcome>>): string {
  const byWords = new Map<string, string[]>();
  for (const name of failed) {
    const words = inWords(outcomes[name]);
    byWords.set(words, [...(byWords.get(words) ?? []), name]);
  }
  const [[only] = []] = byWords;
  // Names tell nothing where all went the same way.
  if (byWords.size === 1 && only !== undefined && failed.length === playedOf(outcomes)) return only;
  return [...byWords].map(([words, names]) => `${names.join(', ')} (${words})`).join('; ');
}

function playedOf(outcomes: Readonly<Record<string, Outcome>>): number {
  return Object.values(outcomes).filter((outcome) => !('notApplicable' in outcome)).length;
}

function inWords(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'not played';
  if ('notApplicable' in outcome) return `not applicable: ${outcome.notApplicable}`;
  if ('broke' in outcome) return outcome.broke;
  const { lastOldAtMs, toTheEnd, threw, reads } = outcome;
  const failure = threw === undefined ? '' : `, a read threw ${threw}`;
  if (reads === 0) return 'no read returned';
  if (lastOldAtMs === undefined) return `never old${failure}`;
  return `${toTheEnd ? 'still old after' : 'old for'} ${inSeconds(lastOldAtMs)}${failure}`;
}
