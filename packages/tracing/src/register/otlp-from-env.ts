import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import { type OtlpOptions, otlp } from '../exporters';
import { headerTrouble } from '../exporters/otlp-headers';
import type { IgnoredVariables } from './ignored-variables';
import { keyValues } from './key-values';
import { numberFromEnv } from './number-from-env';

type Env = Readonly<Record<string, string | undefined>>;

const protocols = ['http/protobuf', 'http/json', 'grpc'] as const;
const compressions = ['gzip', 'none'] as const;

/** @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export function otlpFromEnv(env: Env, ignored: IgnoredVariables): SpanExporter {
  const protocol = oneOf(protocols, 'PROTOCOL') ?? 'http/protobuf';
  return otlp({
    url: urlOf(env, protocol, ignored),
    protocol,
    headers: headersOf(env, ignored),
    compression: oneOf(compressions, 'COMPRESSION'),
    timeoutMs: numberFromEnv(
      env,
      nameOf(env, 'TIMEOUT'),
      ignored,
      'milliseconds above 0',
      (value) => value > 0,
    ),
  });

  function oneOf<Value extends string>(values: readonly Value[], what: string): Value | undefined {
    const name = nameOf(env, what);
    const wanted = env[name]?.trim();
    if (!wanted) return undefined;
    const found = values.find((known) => known === wanted);
    if (found === undefined) ignored.add(name, values.join(' or '), wanted);
    return found;
  }
}

/** The variable of traces comes before that of all signals. */
function nameOf(env: Env, what: string): string {
  const name = `OTEL_EXPORTER_OTLP_TRACES_${what}`;
  return env[name] ? name : `OTEL_EXPORTER_OTLP_${what}`;
}

function urlOf(env: Env, protocol: OtlpOptions['protocol'], ignored: IgnoredVariables): string {
  const name = nameOf(env, 'ENDPOINT');
  const given = env[name]?.trim();
  const found = given && addressOf(given);
  if (given && !found) ignored.add(name, 'an http or https address', given);
  const url = found || `http://localhost:${protocol === 'grpc' ? 4317 : 4318}`;
  // Only the endpoint of all signals is a base, to which the path of each is added.
  return protocol === 'grpc' || name === 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
    ? url
    : `${url.replace(/\/$/, '')}/v1/traces`;
}

/** `localhost:4318` is how many write it, above all for gRPC. */
function addressOf(given: string): string | undefined {
  const url = given.includes('://') ? given : `http://${given}`;
  return /^https?:/i.test(url) && URL.canParse(url) ? url : undefined;
}

function headersOf(env: Env, ignored: IgnoredVariables): Record<string, string> {
  const name = nameOf(env, 'HEADERS');
  const sent = Object.entries(keyValues(env, name, ignored)).filter(([header, value]) => {
    const trouble = headerTrouble(header, value);
    if (trouble) ignored.add(name, `a list of headers, but ${trouble}`);
    return !trouble;
  });
  return Object.fromEntries(sent);
}
