/**
 * @typedef {import('../../../bench/lib/report-types').Claim} Claim
 */

/** A claim, its figure, and in a word what became of it, with the cause. @param {Claim} claim */
export function claimRow(claim) {
  return [claim.text, claim.figure ?? '', verdictOf(claim)];
}

/** @param {Claim} claim */
export function isMissed({ holds, voidBecause }) {
  return !holds && !voidBecause;
}

/** @param {Claim} claim */
function verdictOf({ holds, voidBecause, whyMissed }) {
  if (voidBecause) return `**void**: ${voidBecause}`;
  if (holds) return 'holds';
  return `**missed**${whyMissed ? `: ${whyMissed}` : ''}`;
}
