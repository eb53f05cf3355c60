import { ExportResultCode } from '@opentelemetry/core';
import type { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import type { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import { warnOnce } from '@unite/shared';
import { TracingError } from '../errors';
import type { OtlpSettings } from './otlp';

type GrpcConfig = NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>;

const packageName = '@opentelemetry/exporter-trace-otlp-grpc';

/**
 * OTLP over gRPC. Its package is large and loaded with the first batch; where it is missing, every batch fails, and the
 * process is warned once. Retries and partial successes are not told by that package: a refused batch has failed.
 */
export function createOtlpGrpc(
  settings: OtlpSettings,
  load = () => import('@opentelemetry/exporter-trace-otlp-grpc'),
): SpanExporter {
  let loading: Promise<SpanExporter> | undefined;
  return {
    export(spans, done) {
      loading ??= createExporter(settings, load);
      loading
        .then((exporter) => exporter.export(spans, done))
        .catch((error) => done({ code: ExportResultCode.FAILED, error }));
    },
    // Nothing is held back: what was handed over is done when it calls back.
    forceFlush: async () => {},
    async shutdown() {
      await (await loading)?.shutdown();
    },
  };
}

async function createExporter(
  settings: OtlpSettings,
  load: () => Promise<{ OTLPTraceExporter: typeof OTLPTraceExporter }>,
): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await load().catch((cause) => {
    const error = new TracingError(
      'UNITE_TRACING_PACKAGE_MISSING',
      `otlp with protocol "grpc" needs the package ${packageName}: npm install ${packageName}`,
      { cause },
    );
    warnOnce(error.code, error.message);
    throw error;
  });
  return new OTLPTraceExporter({
    url: settings.url,
    timeoutMillis: settings.timeoutMs,
    compression: settings.compression as CompressionAlgorithm,
    metadata: metadataOf(settings.headers),
  });
}

/**
 * The two methods of gRPC's `Metadata` that the exporter uses: the class is in a package that only the exporter sees.
 */
function metadataOf(headers: Readonly<Record<string, string>>): NonNullable<GrpcConfig['metadata']> {
  const metadata = { clone: () => metadata, getMap: () => ({ ...headers }) };
  return metadata as unknown as NonNullable<GrpcConfig['metadata']>;
}
