import { expects } from '@unite/shared';

/** Of `prefix`, for the sink and for what asks it: what stands before a name must be able to begin one. */
export const prefixCheck = expects('letters, digits and "_", no digit first', isName);

/**
 * Whether a series may have such a label. Those that begin with two underscores belong to Prometheus, `le` and `quantile`
 * to its histograms and summaries: a constant one would stand twice on their lines.
 *
 * @see https://prometheus.io/docs/concepts/data_model
 */
export function isLabelName(value: string): boolean {
  return isName(value) && !/^(__|le$|quantile$)/.test(value);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && /^[a-zA-Z_]\w*$/.test(value);
}
