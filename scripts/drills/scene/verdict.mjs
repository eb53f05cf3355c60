/**
 * A row of the scorecard.
 *
 * @param {string} promise
 * @param {boolean} isKept
 * @param {string} measured
 * @param {Record<string, number | string | boolean>} [figures]
 * @returns {import('@unite/ops/drill').ScoreRow}
 */
export function verdict(promise, isKept, measured, figures = {}) {
  return { promise, measured, outcome: isKept ? 'kept' : 'missed', figures };
}

/**
 * A row that says why nothing can be measured here.
 *
 * @param {string} promise
 * @param {string} reason
 * @returns {import('@unite/ops/drill').ScoreRow}
 */
export function notMeasurable(promise, reason) {
  return { promise, measured: reason, outcome: 'not-measurable' };
}
