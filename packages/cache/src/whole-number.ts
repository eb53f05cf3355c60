import { expects } from '@unite/shared';

/** An option that counts something. */
export const wholeNumber = expects(
  'a whole number above 0',
  (value) => Number.isSafeInteger(value) && (value as number) > 0,
);
