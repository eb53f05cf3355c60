import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

const nameKey = Symbol.for('unite.tracing.exporter-name');

/** Says what an exporter is called in `ExportStats`. */
export function nameExporter<Exporter extends SpanExporter>(name: string, exporter: Exporter): Exporter {
  return Object.assign(exporter, { [nameKey]: name });
}

/** The name that was given, else that of the class. */
export function exporterName(exporter: SpanExporter): string {
  const { [nameKey]: name } = exporter as { [nameKey]?: unknown };
  if (typeof name === 'string') return name;
  return exporter.constructor?.name || 'exporter';
}
