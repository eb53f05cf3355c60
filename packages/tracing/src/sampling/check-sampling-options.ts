import { checkOptions, expects, optionChecks } from '@unite/shared';

const count = expects(
  'a whole number of at least 1',
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
);

/** @throws TypeError that names the option and what it got */
export function checkSamplingOptions(options: unknown): void {
  checkOptions('sampling', options, {
    ratio: expects('a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1),
    keepErrors: optionChecks.boolean,
    keepSlowerThanMs: expects(
      'a number of at least 0',
      (value) => typeof value === 'number' && value >= 0 && value < Infinity,
    ),
    maxOpenTraces: count,
    maxOpenSpans: count,
    maxSpansPerTrace: count,
    maxOpenMs: optionChecks.positive,
    maxDecisions: count,
    clock: optionChecks.object,
  });
}
