import { checkOptions, expects, optionChecks } from '@unite/shared';
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
  exporters: expects('a list of exporters, such as [otlp({ url })]', (value) => isListOf(value, isExporter)),
  sampling: optionChecks.object,
  instrument: expects(`a list of instrumentations, by name: ${instrumentationNames.join(', ')}`, (value) =>
    isListOf(value, isInstrumentation),
  ),
  propagation: optionChecks.object,
  limits: optionChecks.object,
  redact: optionChecks.function,
  export: optionChecks.object,
  attributes: optionChecks.object,
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

function isListOf(value: unknown, holds: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(holds);
}

function isExporter(value: unknown): boolean {
  return typeof (value as { export?: unknown } | null)?.export === 'function';
}

function isInstrumentation(value: unknown): boolean {
  return typeof value === 'string'
    ? (instrumentationNames as readonly string[]).includes(value)
    : typeof (value as { setTracerProvider?: unknown } | null)?.setTracerProvider === 'function';
}
