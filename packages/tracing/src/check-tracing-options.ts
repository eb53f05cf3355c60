import { checkOptions, describeValue, expects, expectsEach, optionChecks } from '@unite/shared';
import { instrumentationNames } from './instrumentation/instrumentation-names';
import type { TracingOptions } from './types';

/** @throws TypeError for an option that is unknown, missing or malformed */
export function checkTracingOptions(options: TracingOptions): void {
  checkOptions('startTracing', options, checks, ['service']);
  checkOptions('startTracing: service', options.service, serviceChecks, ['name']);
  if (options.limits) checkOptions('startTracing: limits', options.limits, limitChecks);
}

const checks = {
  service: optionChecks.object,
  exporters: expectsEach(
    'a list of exporters with export() and shutdown(), such as [otlp({ url })]',
    isExporter,
  ),
  sampling: optionChecks.object,
  instrument: expectsEach(
    `a list of instrumentations, by name: ${instrumentationNames.join(', ')}`,
    isInstrumentation,
  ),
  propagation: optionChecks.object,
  limits: optionChecks.object,
  redact: optionChecks.function,
  export: optionChecks.object,
  attributes: attributesCheck,
  selfCheck: optionChecks.boolean,
  clock: optionChecks.object,
};

const serviceChecks = {
  name: optionChecks.string,
  release: optionChecks.string,
  environment: optionChecks.string,
  deployment: optionChecks.string,
  namespace: optionChecks.string,
  instanceId: optionChecks.string,
};

const wholeNumber = expects(
  'a whole number above 0',
  (value) => Number.isInteger(value) && Number(value) > 0,
);
const limitChecks = {
  maxTextLength: wholeNumber,
  maxAttributes: wholeNumber,
  maxEvents: wholeNumber,
  maxLinks: wholeNumber,
};

function isExporter(value: unknown): boolean {
  const exporter = value as { export?: unknown; shutdown?: unknown } | null;
  return typeof exporter?.export === 'function' && typeof exporter.shutdown === 'function';
}

function isInstrumentation(value: unknown): boolean {
  return typeof value === 'string'
    ? (instrumentationNames as readonly string[]).includes(value)
    : typeof (value as { setTracerProvider?: unknown } | null)?.setTracerProvider === 'function';
}

/** What the SDK would leave out without a word. */
function attributesCheck(value: unknown): string | undefined {
  if (optionChecks.object(value)) return optionChecks.object(value);
  const wrong = Object.entries(value as object).find(([, attribute]) => !isAttribute(attribute));
  return (
    wrong &&
    `texts, numbers, booleans or lists of them, but ${describeValue(wrong[0])} is ${describeValue(wrong[1])}`
  );
}

function isAttribute(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isAttribute);
  return value === undefined || ['string', 'number', 'boolean'].includes(typeof value);
}
