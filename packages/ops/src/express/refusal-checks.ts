import { expects } from '@unite/shared';

/** One check for each of `RefusalOptions`. */
export const refusalChecks = {
  onRefused: expects('"respond" or "next"', (value) => value === 'respond' || value === 'next'),
};
