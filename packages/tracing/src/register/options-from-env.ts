import { warnOnce } from '@unite/shared';
import { consoleTree, otlp } from '../exporters';
import { instrumentationNames } from '../instrumentation/instrumentation-names';
import type { AttributeValue, Service, TracingOptions } from '../types';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What OpenTelemetry's environment variables say. A value that is malformed is warned of, and its default taken: the
 * application starts all the same.
 *
 * @returns `undefined` where `OTEL_SDK_DISABLED` is true
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function optionsFromEnv(env: Env): TracingOptions | undefined {
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return undefined;
  const attributes = keyValues(env.OTEL_RESOURCE_ATTRIBUTES);
  return {
    service: serviceOf(env, attributes),
    attributes,
    exporters: exportersOf(env),
    sampling: samplingOf(env),
    // Nobody has put an adapter in, as far as is known here; one takes the span over.
    instrument: instrumentationNames,
    propagation: { trustParent: env.UNITE_TRACING_TRUST_PARENT === 'true' },
  };
}

function serviceOf(env: Env, attributes: Readonly<Record<string, AttributeValue>>): Service {
  const text = (key: string) => attributes[key] as string | undefined;
  return {
    name: env.OTEL_SERVICE_NAME || text('service.name') || 'unknown_service:node',
    release: text('service.version'),
    environment: text('deployment.environment.name'),
    deployment: text('deployment.id'),
    namespace: text('service.namespace'),
    instanceId: text('service.instance.id'),
  };
}

function exportersOf(env: Env): TracingOptions['exporters'] {
  const names = (env.OTEL_TRACES_EXPORTER ?? 'otlp').split(',').map((name) => name.trim());
  return names.flatMap((name) => {
    if (name === 'otlp') return [otlpOf(env)];
    if (name === 'console') return [consoleTree()];
    if (name !== 'none' && name !== '') ignored('OTEL_TRACES_EXPORTER', name, 'otlp, console or none');
    return [];
  });
}

function otlpOf(env: Env) {
  const wanted = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/protobuf';
  const protocols = ['http/protobuf', 'http/json', 'grpc'] as const;
  const protocol = protocols.find((known) => known === wanted) ?? 'http/protobuf';
  if (protocol !== wanted) ignored('OTEL_EXPORTER_OTLP_PROTOCOL', wanted, protocols.join(', '));
  const headers = keyValues(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? env.OTEL_EXPORTER_OTLP_HEADERS);
  return otlp({ url: urlOf(env, protocol), protocol, headers });
}

function urlOf(env: Env, protocol: 'http/protobuf' | 'http/json' | 'grpc'): string {
  const name = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
    ? 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
    : 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const given = env[name] || undefined;
  const base = `http://localhost:${protocol === 'grpc' ? 4317 : 4318}`;
  if (given !== undefined && !URL.canParse(given)) ignored(name, given, 'an absolute URL');
  const url = given !== undefined && URL.canParse(given) ? given : base;
  // Only the endpoint of all signals is a base, to which the path of each is added.
  return protocol === 'grpc' || name === 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
    ? url
    : `${url.replace(/\/$/, '')}/v1/traces`;
}

function samplingOf(env: Env): TracingOptions['sampling'] {
  const keepSlowerThanMs = numberOf(env, 'UNITE_TRACING_KEEP_SLOWER_THAN_MS', (value) => value > 0);
  return { ratio: ratioOf(env), keepSlowerThanMs };
}

function ratioOf(env: Env): number | undefined {
  const sampler = env.OTEL_TRACES_SAMPLER?.replace(/^parentbased_/, '') || 'always_on';
  if (sampler === 'always_on') return undefined;
  if (sampler === 'always_off') return 0;
  if (sampler === 'traceidratio')
    return numberOf(env, 'OTEL_TRACES_SAMPLER_ARG', (value) => value >= 0 && value <= 1);
  ignored('OTEL_TRACES_SAMPLER', sampler, 'always_on, always_off or traceidratio');
  return undefined;
}

function numberOf(env: Env, name: string, holds: (value: number) => boolean): number | undefined {
  const text = env[name]?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && holds(value)) return value;
  ignored(name, text, 'a number in its range');
  return undefined;
}

/** `key=value,key2=value2`, percent-encoded as in W3C baggage. */
function keyValues(text: string | undefined): Record<string, string> {
  const pairs = (text ?? '').split(',').flatMap((pair) => {
    const [key = '', ...value] = pair.split('=');
    return key.trim() && value.length > 0 ? [[key.trim(), decoded(value.join('=').trim())] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function ignored(name: string, value: string, demand: string): void {
  warnOnce(
    'UNITE_TRACING_ENV_IGNORED',
    `${name} must be ${demand}, got ${JSON.stringify(value)}; it is ignored`,
  );
}
