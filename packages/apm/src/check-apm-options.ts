import { checkOptions, describeValue, expects, optionChecks } from '@unite/shared';
import { metricProblem } from './metrics/declared-metric';
import type { Sink } from './sink-types';
import { checkSlos } from './slo/check-slos';
import type { ApmOptions } from './types';

const maxSlos = 50;

/** @throws TypeError for an option that is unknown, missing or malformed */
export function checkApmOptions(options: ApmOptions): void {
  checkOptions('startApm', options, checks, ['service']);
  checkOptions('startApm service', options.service, serviceChecks, ['name']);
  if (options.service.deployment !== undefined) {
    checkOptions('startApm service.deployment', options.service.deployment, deploymentChecks, ['id']);
  }
  checkSlos('startApm', options.slos ?? []);
  checkOptions('startApm limits', options.limits ?? {}, limitChecks);
  if (options.crash !== false) checkOptions('startApm crash', options.crash ?? {}, crashChecks);
  for (const [name, declaration] of Object.entries(options.metrics ?? {})) {
    const problem = metricProblem(name, declaration);
    if (problem)
      throw new TypeError(`startApm: option "metrics": ${describeValue(name)} is none: ${problem}`);
  }
  for (const [index, sink] of (options.sinks ?? []).entries()) {
    if (!isSink(sink)) {
      throw new TypeError(`startApm: option "sinks[${index}]" must be a sink, got ${describeValue(sink)}`);
    }
  }
  const names = (options.sinks ?? []).map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice)
    throw new TypeError(`startApm: option "sinks" has two sinks with the name ${describeValue(twice)}`);
}

const sinkMethods = ['stats', 'flush', 'close'] as const;

const checks = {
  service: optionChecks.object,
  sinks: expects('a list of sinks', Array.isArray),
  slos: expects(
    `a list of objectives, ${maxSlos} at most`,
    (value) => Array.isArray(value) && value.length <= maxSlos,
  ),
  prices: expects('a price book, as definePrices makes one', (value) => has(value, 'modelLines')),
  metrics: optionChecks.object,
  limits: optionChecks.object,
  costs: optionChecks.object,
  tags: expects('an object of texts', isTags),
  ignore: expects('a list of rules', Array.isArray),
  budget: optionChecks.object,
  crash: expects(
    'an object or false',
    (value) => value === false || optionChecks.object(value) === undefined,
  ),
  sourceMaps: expects('source maps, as localSourceMaps makes them', (value) => has(value, 'resolve')),
  channels: optionChecks.boolean,
  slowQueryMs: optionChecks.positive,
  redact: optionChecks.function,
  context: optionChecks.function,
  clock: expects(
    'a clock: wallMs, monotonicMs and sleep',
    (value) => has(value, 'wallMs') && has(value, 'monotonicMs') && has(value, 'sleep'),
  ),
};

const serviceChecks = {
  name: optionChecks.string,
  release: optionChecks.string,
  environment: optionChecks.string,
  deployment: expects('an object such as { id: "d-7" }', (value) => optionChecks.object(value) === undefined),
  instanceId: optionChecks.string,
};

const deploymentChecks = {
  id: optionChecks.string,
  commit: optionChecks.string,
  atMs: optionChecks.positive,
  release: optionChecks.string,
};

const maxFlushMs = 60_000;

const crashChecks = {
  directory: optionChecks.string,
  flushMs: expects(
    `a number of milliseconds from 0 to ${maxFlushMs}`,
    (value) => typeof value === 'number' && value >= 0 && value <= maxFlushMs,
  ),
};

const count = expects('a whole number above 0', (value) => Number.isInteger(value) && Number(value) > 0);

const limitChecks = { maxMetrics: count, maxSeries: count, maxRoutes: count };

function isSink(value: unknown): value is Sink {
  return sinkMethods.every((method) => has(value, method)) && typeof (value as Sink).name === 'string';
}

function isTags(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}

function has(value: unknown, method: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Record<string, unknown>)[method] === 'function'
  );
}
