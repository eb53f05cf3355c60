import type { Finding, Verifier, VerifyRun } from '@unite/core';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { lookAtSetUp } from './look-at-set-up';
import { proveMetrics } from './prove-metrics';
import { proveSinks } from './prove-sinks';
import type { VerifyApmOptions } from './verify-types';

/**
 * Proves that errors and metrics arrive: `unite verify apm` sends an error with a nonce through every sink, reads it
 * back where it is told how, reads the application's metrics, and looks at the set-up.
 *
 * @throws TypeError for an option that is unknown, missing or malformed
 * @example
 * verifyApm({ apm, metrics: { url: `${publicUrl}/metrics` } })
 */
export function verifyApm(options: VerifyApmOptions): Verifier {
  checkOptions('verifyApm', options, checks, ['apm']);
  const { apm, readBack = {}, metrics } = options;
  checkOptions('verifyApm: readBack', readBack, functionsBy(readBack));
  if (metrics) checkOptions('verifyApm: metrics', metrics, metricsChecks, ['url']);
  return {
    name: 'apm',
    about: 'an error arrives at every sink, and the metrics of the application can be read',
    timeoutMs: 30_000,
    async run(run: VerifyRun): Promise<readonly Finding[]> {
      return [
        ...lookAtSetUp(apm),
        ...(await proveSinks(apm, readBack, run)),
        ...(metrics ? [await proveMetrics(metrics, run)] : []),
      ];
    },
  };
}

function functionsBy(readBack: object): Record<string, typeof optionChecks.function> {
  return Object.fromEntries(Object.keys(readBack).map((name) => [name, optionChecks.function]));
}

const checks = {
  apm: expects('what startApm returns', (value) => 'captureError' in Object(value)),
  readBack: optionChecks.object,
  metrics: optionChecks.object,
};

const metricsChecks = {
  url: expects(
    'an absolute URL of http or https',
    (value) => typeof value === 'string' && URL.canParse(value) && /^https?:/.test(value),
  ),
  headers: optionChecks.object,
};
