import type { ExportStats } from '../exporters/exporter-types';
import type { SetUpFinding } from './check-types';

/** Whether what is kept arrives anywhere. */
export function checkExporters(exporters: readonly ExportStats[], selfTraced: number): SetUpFinding[] {
  if (exporters.length === 0) {
    return [
      {
        code: 'UNITE_TRACING_NO_EXPORTER',
        subject: 'exporters',
        status: 'warned',
        detail: 'there is none: spans are made, and go nowhere',
        remedy: "Add exporters: [otlp({ url: 'http://localhost:4318/v1/traces' })]",
      },
    ];
  }
  return [...exporters.map(checkExporter), ...(selfTraced > 0 ? [selfTracedFinding(selfTraced)] : [])];
}

function checkExporter({ exporter, exported, failed, dropped, lastError }: ExportStats): SetUpFinding {
  const code = 'UNITE_TRACING_EXPORT_FAILS';
  const measured = { exported, failed, dropped };
  if (failed === 0 && dropped === 0) {
    if (exported === 0) {
      return { code, subject: exporter, status: 'skipped', detail: 'no span was sent so far', measured };
    }
    return { code, subject: exporter, status: 'passed', detail: `${exported} spans were taken`, measured };
  }
  return {
    code,
    subject: exporter,
    status: exported === 0 ? 'failed' : 'warned',
    detail: `${failed} spans were not taken and ${dropped} dropped of ${exported + failed + dropped}${lastError === undefined ? '' : `, the last time because: ${lastError}`}`,
    remedy:
      failed > 0
        ? 'Look whether the receiver runs, and whether the address is right: OTLP over HTTP is http://<host>:4318/v1/traces, over gRPC http://<host>:4317'
        : 'Lower sampling.ratio, or raise export.maxQueuedSpans',
    measured,
  };
}

function selfTracedFinding(count: number): SetUpFinding {
  return {
    code: 'UNITE_TRACING_SELF_TRACED',
    subject: 'exporters',
    status: 'warned',
    detail: `${count} spans are about requests that an exporter made`,
    remedy: 'Let the exporter send inside context.with(suppressTracing(context.active()), …)',
    measured: { selfTraced: count },
  };
}
