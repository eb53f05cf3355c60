import { warnOnce } from '@unite/shared';
import { maskSecrets } from '@unite/shared/redaction';

/** What OpenTelemetry has a variable for, and this package something else or nothing. */
const unsupported = [
  /^OTEL_EXPORTER_OTLP_(TRACES_)?(CERTIFICATE|CLIENT_KEY|CLIENT_CERTIFICATE|INSECURE)$/,
  /^OTEL_PROPAGATORS$/,
  /^OTEL_BSP_/,
  /^OTEL_(SPAN|EVENT|LINK|ATTRIBUTE)_.*LIMIT$/,
  /^OTEL_NODE_/,
];

/** Variables that are set and not followed, for one warning that names them all. */
export class IgnoredVariables {
  readonly #malformed: string[] = [];

  /** @param value shown without credentials; leave it out where it may be one */
  add(name: string, demand: string, value?: string): void {
    const got = value === undefined ? '' : `, got ${JSON.stringify(maskSecrets(value.slice(0, 200)))}`;
    this.#malformed.push(`${name} must be ${demand}${got}`);
  }

  warn(env: Readonly<Record<string, string | undefined>>): void {
    const unknown = Object.keys(env).filter((name) => env[name] && unsupported.some((one) => one.test(name)));
    const words = unknown.length > 0 ? [`${unknown.join(', ')}: not supported`] : [];
    const ignored = [...this.#malformed, ...words];
    if (ignored.length > 0) warnOnce('UNITE_TRACING_ENV_IGNORED', `${ignored.join('; ')}. Ignored`);
  }
}
