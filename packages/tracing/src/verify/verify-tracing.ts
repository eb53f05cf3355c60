import type { Finding, Verifier, VerifyRun } from '@unite/core';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { proveApp } from './prove-app';
import { proveExporter } from './prove-exporter';
import type { VerifyTracingOptions } from './verify-types';

/**
 * Proves that spans arrive: `unite verify tracing` sends one with a nonce through the exporter and reads it back from
 * the receiver, asks the application for a request's trace, and looks at the set-up of this process.
 *
 * @throws TypeError for an option that is unknown or malformed, or where there is nothing to prove
 * @example
 * verifyTracing({ exporter: otlp({ url }), readBack: jaeger({ url: 'http://localhost:16686' }), app: { url: publicUrl } })
 */
export function verifyTracing(options: VerifyTracingOptions): Verifier {
  checkOptions('verifyTracing', options, checks);
  const { exporter, readBack, app, tracing } = options;
  if (!exporter && !app && !tracing) {
    throw new TypeError('verifyTracing: one of the options "exporter", "app" and "tracing" is needed');
  }
  if (app) checkOptions('verifyTracing: app', app, appChecks, ['url']);
  return {
    name: 'tracing',
    about: 'a span arrives at the receiver, and so does the trace of a request',
    timeoutMs: 30_000,
    async run(run: VerifyRun): Promise<readonly Finding[]> {
      return [
        ...(tracing?.check() ?? []),
        ...(exporter ? await proveExporter(exporter, readBack, run) : []),
        ...(app ? await proveApp({ readBack, ...app }, run) : []),
      ];
    },
  };
}

const checks = {
  exporter: expects(
    'an exporter, such as otlp({ url })',
    (value) => typeof (value as { export?: unknown } | null)?.export === 'function',
  ),
  readBack: optionChecks.function,
  app: optionChecks.object,
  tracing: optionChecks.object,
};

const appChecks = {
  url: expects(
    'an absolute URL of http or https',
    (value) => typeof value === 'string' && URL.canParse(value) && /^https?:/.test(value),
  ),
  headers: optionChecks.object,
  readBack: optionChecks.function,
  minSpans: optionChecks.positive,
};
