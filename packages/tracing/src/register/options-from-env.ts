import { consoleTree } from '../exporters';
import { instrumentationNames } from '../instrumentation/instrumentation-names';
import type { Service, TracingOptions } from '../types';
import { IgnoredVariables } from './ignored-variables';
import { keyValues } from './key-values';
import { numberFromEnv } from './number-from-env';
import { otlpFromEnv } from './otlp-from-env';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What OpenTelemetry's environment variables say. A value that is malformed is warned of, and its default taken: the
 * application starts all the same. So is a variable that is not supported.
 *
 * @returns `undefined` where `OTEL_SDK_DISABLED` is true
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function optionsFromEnv(env: Env): TracingOptions | undefined {
  const ignored = new IgnoredVariables();
  if (isTrue(env, 'OTEL_SDK_DISABLED', ignored)) return undefined;
  const attributes = keyValues(env, 'OTEL_RESOURCE_ATTRIBUTES', ignored);
  const options: TracingOptions = {
    service: serviceOf(env, attributes, ignored),
    attributes,
    exporters: exportersOf(env, ignored),
    sampling: samplingOf(env, ignored),
    // Nobody has put an adapter in, as far as is known here; one takes the span over.
    instrument: instrumentationNames,
    propagation: { trustParent: isTrue(env, 'UNITE_TRACING_TRUST_PARENT', ignored) },
  };
  ignored.warn(env);
  return options;
}

function isTrue(env: Env, name: string, ignored: IgnoredVariables): boolean {
  const text = env[name]?.trim() ?? '';
  if (!/^(true|false)?$/i.test(text)) ignored.add(name, 'true or false', text);
  return text.toLowerCase() === 'true';
}

function serviceOf(
  env: Env,
  attributes: Readonly<Record<string, string>>,
  ignored: IgnoredVariables,
): Service {
  return {
    name: env.OTEL_SERVICE_NAME || text('service.name') || 'unknown_service:node',
    release: text('service.version'),
    environment: text('deployment.environment.name'),
    deployment: text('deployment.id'),
    namespace: text('service.namespace'),
    instanceId: text('service.instance.id'),
  };

  function text(key: string): string | undefined {
    const value = attributes[key];
    if (value === '') ignored.add('OTEL_RESOURCE_ATTRIBUTES', 'key=value pairs', `${key}=`);
    return value || undefined;
  }
}

function exportersOf(env: Env, ignored: IgnoredVariables): TracingOptions['exporters'] {
  const names = (env.OTEL_TRACES_EXPORTER ?? 'otlp').split(',').map((name) => name.trim());
  return names.flatMap((name) => {
    if (name === 'otlp') return [otlpFromEnv(env, ignored)];
    if (name === 'console') return [consoleTree()];
    if (name !== 'none' && name !== '') ignored.add('OTEL_TRACES_EXPORTER', 'otlp, console or none', name);
    return [];
  });
}

function samplingOf(env: Env, ignored: IgnoredVariables): TracingOptions['sampling'] {
  const slower = 'UNITE_TRACING_KEEP_SLOWER_THAN_MS';
  return {
    ratio: ratioOf(env, ignored),
    keepSlowerThanMs: numberFromEnv(env, slower, ignored, 'milliseconds above 0', (value) => value > 0),
  };
}

function ratioOf(env: Env, ignored: IgnoredVariables): number | undefined {
  const sampler = env.OTEL_TRACES_SAMPLER?.replace(/^parentbased_/, '') || 'always_on';
  if (sampler === 'always_on') return undefined;
  if (sampler === 'always_off') return 0;
  if (sampler === 'traceidratio')
    return numberFromEnv(
      env,
      'OTEL_TRACES_SAMPLER_ARG',
      ignored,
      'a number from 0 to 1',
      (value) => value >= 0 && value <= 1,
    );
  ignored.add('OTEL_TRACES_SAMPLER', 'always_on, always_off or traceidratio', sampler);
  return undefined;
}
