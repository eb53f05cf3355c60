import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { nameExporter } from './exporter-name';
import type { OtlpOptions } from './exporter-types';
import { createOtlpGrpc } from './otlp-grpc';
import { headersCheck } from './otlp-headers';
import { createOtlpHttp } from './otlp-http';
import { receiverUrl, shownUrl, tracesUrl } from './otlp-url';

/** What `otlp` was told, all given. */
export type OtlpSettings = { readonly [Name in keyof OtlpOptions]-?: NonNullable<OtlpOptions[Name]> };

const protocols = ['http/protobuf', 'http/json', 'grpc'];

/**
 * Sends spans to an OpenTelemetry Collector, Jaeger, or any other receiver of OTLP. Batches that the receiver cannot
 * take now (429, 502, 503, 504, no connection) are tried again until the time is up; `Retry-After` is respected unless
 * it is later than that. What fails is counted in `ExportStats`; nothing is thrown or logged. A receiver with a
 * certificate of your own authority: set `NODE_EXTRA_CA_CERTS`.
 *
 * An `url` without a path gets `/v1/traces`, but for gRPC, which has no paths.
 *
 * @throws TypeError for an option that is unknown, missing or malformed; it shows no header
 * @example
 * otlp({ url: 'https://collector.internal:4318/v1/traces', headers: { authorization: `Bearer ${key}` } })
 */
export function otlp(options: OtlpOptions): SpanExporter {
  checkOptions(
    'otlp',
    options,
    {
      url: receiverUrl,
      protocol: expects('"http/protobuf", "http/json" or "grpc"', (value) =>
        protocols.includes(value as string),
      ),
      headers: headersCheck,
      compression: expects('"gzip" or "none"', (value) => value === 'gzip' || value === 'none'),
      timeoutMs: optionChecks.positive,
    },
    ['url'],
  );
  const { protocol = 'http/protobuf', headers = {}, compression = 'gzip', timeoutMs = 10_000 } = options;
  const isGrpc = protocol === 'grpc';
  const url = isGrpc ? options.url : tracesUrl(options.url);
  const settings = { url, protocol, headers, compression, timeoutMs };
  const exporter = isGrpc ? createOtlpGrpc(settings) : createOtlpHttp(settings);
  return nameExporter(`otlp ${protocol} ${shownUrl(url)}`, exporter);
}
