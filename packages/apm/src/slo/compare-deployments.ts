import { burnRate } from './burn-rates';
import { differenceInterval } from './difference-interval';
import type { DeploymentComparison, Slo, SloCounts } from './slo-types';

/** Counts of each objective, by its name. */
export type CountsByName = ReadonlyMap<string, SloCounts> | Readonly<Record<string, SloCounts>>;

/** What `compareDeployments` compares. */
export interface DeploymentComparisonOptions {
  readonly slos: readonly Slo[];
  /** Of the release that ran before, in a time of like traffic. What is missing counts as no requests. */
  readonly before: CountsByName;
  /** Of the new release. */
  readonly after: CountsByName;
}

/** Each tail has half of the 1 % that a verdict may be wrong by chance. */
const tail = 0.005;

/**
 * Tells for each objective whether a deployment made it better or worse, with a confidence of 99 %, so that a roll-back
 * has a reason that is not chance. `same` is a statement too: the shares of bad requests differ by less than half of the
 * objective's error budget, with the same confidence. Whatever few requests cannot tell is `unknown`.
 *
 * @example
 * const [latency] = compareDeployments({ slos, before: { 'api-latency': { good: 9_950, total: 10_000 } }, after });
 * if (latency?.verdict === 'worse') await rollBack();
 */
export function compareDeployments({
  slos,
  before,
  after,
}: DeploymentComparisonOptions): DeploymentComparison[] {
  return slos.map((slo) => {
    const counts = { before: countsOf(before, slo), after: countsOf(after, slo) };
    return {
      slo,
      ...counts,
      burnBefore: burnRate(slo, counts.before),
      burnAfter: burnRate(slo, counts.after),
      verdict: verdictOf(slo, counts.before, counts.after),
    };
  });
}

function countsOf(counts: CountsByName, { name }: Slo): SloCounts {
  const found = counts instanceof Map ? counts.get(name) : (counts as Record<string, SloCounts>)[name];
  const { good, total } = found ?? { good: 0, total: 0 };
  const isSound = good >= 0 && total >= good && total < Infinity;
  return isSound ? { good: Math.round(good), total: Math.round(total) } : { good: 0, total: 0 };
}

function verdictOf(slo: Slo, before: SloCounts, after: SloCounts): DeploymentComparison['verdict'] {
  if (before.total === 0 || after.total === 0) return 'unknown';
  const { higher, lower } = tailsOf(before, after);
  if (higher < tail) return 'worse';
  if (lower < tail) return 'better';
  // Equivalence has to be shown: that no difference was found says nothing where few requests were made.
  const margin = (1 - slo.target) / 2;
  const { low, high } = differenceInterval(before, after);
  return low > -margin && high < margin ? 'same' : 'unknown';
}

/** Chances of as many bad requests after as there were, or more; and of as many, or fewer, were nothing changed. */
function tailsOf(before: SloCounts, after: SloCounts): { higher: number; lower: number } {
  const total = before.total + after.total;
  const badAfter = after.total - after.good;
  const bad = before.total - before.good + badAfter;
  const expected = (bad * after.total) / total;
  const smallest = Math.min(
    expected,
    after.total - expected,
    bad - expected,
    before.total - (bad - expected),
  );
  if (smallest >= 10) {
    // The pooled test of two proportions, where the normal distribution is close enough.
    const share = bad / total;
    const deviation = Math.sqrt(share * (1 - share) * (1 / before.total + 1 / after.total));
    const z = (badAfter / after.total - (bad - badAfter) / before.total) / deviation;
    return { higher: normalTail(z), lower: normalTail(-z) };
  }
  // Fisher's exact test: bad requests are rare, and one in a hundred must not look like a catastrophe.
  const draw = { total, marked: bad, drawn: after.total };
  return { higher: hypergeometricTail(draw, badAfter, 1), lower: hypergeometricTail(draw, badAfter, -1) };
}

/** 1 - Φ(z). @see Abramowitz and Stegun, 26.2.17: the error is below 7.5e-8 */
function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}

interface Draw {
  readonly total: number;
  readonly marked: number;
  readonly drawn: number;
}

/** Chance to draw `from` marked ones, or more (`step` 1), or fewer (`step` -1). */
function hypergeometricTail({ total, marked, drawn }: Draw, from: number, step: 1 | -1): number {
  const lowest = Math.max(0, drawn - (total - marked));
  const highest = Math.min(marked, drawn);
  let term = Math.exp(
    logChoose(marked, from) + logChoose(total - marked, drawn - from) - logChoose(total, drawn),
  );
  let sum = 0;
  let value = from;
  while (value >= lowest && value <= highest) {
    sum += term;
    // Beyond the peak each term is smaller than the one before.
    const next = value + step;
    const ratio =
      step === 1
        ? ((marked - value) * (drawn - value)) / (next * (total - marked - drawn + next))
        : (value * (total - marked - drawn + value)) / ((marked - next) * (drawn - next));
    if (ratio < 1 && term < sum * 1e-12) break;
    term *= ratio;
    value = next;
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Stirling's series, after the first numbers: exact to 1e-10. */
function logFactorial(n: number): number {
  if (n < 20) {
    let product = 1;
    let factor = 2;
    while (factor <= n) {
      product *= factor;
      factor += 1;
    }
    return Math.log(product);
  }
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
}
