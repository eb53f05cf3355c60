import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkOptions, expects, optionChecks, warnOnce } from '@unite/shared';
import { Registry } from 'prom-client';
import type { MetricDefinition, MetricPoint } from '../metrics/metric-types';
import type { Service, SinkHost, SinkStats } from '../sink-types';
import { createMetricWriter, type MetricWriter } from './metric-writer';
import { isLabelName, prefixCheck } from './names';
import { contentTypes, negotiateFormat } from './negotiate-format';
import type { PrometheusOptions, PrometheusSink, ScrapeRequest } from './prometheus-types';
import { createScrapeText, type ScrapeText } from './scrape-text';

/**
 * Keeps metrics for a Prometheus that scrapes them. Nothing is sent, so that every value that is kept counts as sent;
 * errors are left to other sinks.
 *
 * It belongs to one `startApm`, whose service stands on every series: a second one that gets it while the first runs is
 * told of once (`UNITE_APM_SINK_SHARED`), and its values get the labels of the first.
 *
 * @throws TypeError for an option that cannot be
 * @example
 * export const metrics = prometheus({ authorize: (request) => request.header('authorization') === `Bearer ${token}` });
 * export const apm = startApm({ service, sinks: [metrics] });
 *
 * // app/metrics/route.ts
 * export const GET = (request: Request) => metrics.metrics(request);
 * // Express
 * app.get('/metrics', metrics.handler());
 */
export function prometheus(options: PrometheusOptions = {}): PrometheusSink {
  checkOptions('prometheus', options, {
    registry: expects('a registry of prom-client', isRegistry),
    prefix: prefixCheck,
    exemplars: optionChecks.boolean,
    defaultLabels: expects(
      'an object of texts, by label names other than "le", "quantile" and "__…"',
      isLabels,
    ),
    authorize: optionChecks.function,
  });
  return new RunningPrometheus(options);
}

class RunningPrometheus implements PrometheusSink {
  readonly name = 'prometheus';
  readonly registry: Registry;
  readonly #options: PrometheusOptions;
  /** `undefined` for a metric that prom-client refused. */
  readonly #writers = new WeakMap<MetricDefinition, MetricWriter | undefined>();
  #text: ScrapeText;
  #written = 0;
  #refused = 0;
  /** Set-ups that have started it and not closed it. */
  #holders = 0;

  constructor(options: PrometheusOptions) {
    this.#options = options;
    this.registry = options.registry ?? new Registry();
    this.#text = createScrapeText(options.defaultLabels ?? {});
  }

  start({ service }: SinkHost): void {
    this.#holders += 1;
    if (this.#holders > 1) {
      warnOnce(
        'UNITE_APM_SINK_SHARED',
        `one prometheus() was given to a second startApm, of "${service.name}": its metrics get the labels of the first; give each its own`,
      );
      return;
    }
    this.#text = createScrapeText({ ...labelsOf(service), ...this.#options.defaultLabels });
  }

  metric(point: MetricPoint): void {
    try {
      const writer = this.#writers.get(point.metric) ?? this.#writerOf(point.metric);
      if (writer === undefined) {
        this.#refused += 1;
        return;
      }
      writer(point);
      this.#written += 1;
    } catch (error) {
      this.#refuse(point.metric, error);
      this.#refused += 1;
    }
  }

  stats(): SinkStats {
    return {
      accepted: this.#written + this.#refused,
      sent: this.#written,
      queued: 0,
      dropped: this.#refused === 0 ? {} : { refused: this.#refused },
    };
  }

  async metrics(request?: Request): Promise<Response> {
    const { status, type, text } = await this.#answer({
      header: (name) => request?.headers.get(name) ?? undefined,
    });
    return new Response(text, { status, headers: { 'content-type': type, 'cache-control': 'no-store' } });
  }

  handler(): (request: IncomingMessage, response: ServerResponse) => void {
    return (request, response) => {
      const header = (name: string): string | undefined => request.headers[name.toLowerCase()]?.toString();
      void this.#answer({ header }).then(({ status, type, text }) => {
        response.statusCode = status;
        response.setHeader('content-type', type);
        response.setHeader('cache-control', 'no-store');
        response.end(text);
      });
    };
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    this.#holders = Math.max(0, this.#holders - 1);
  }

  async #answer(request: ScrapeRequest): Promise<{ status: number; type: string; text: string }> {
    if (!(await this.#isAuthorized(request))) {
      return { status: 403, type: 'text/plain; charset=utf-8', text: 'Forbidden\n' };
    }
    const format = negotiateFormat(request.header('accept'));
    return { status: 200, type: contentTypes[format], text: await this.#text(this.registry, format) };
  }

  async #isAuthorized(request: ScrapeRequest): Promise<boolean> {
    const { authorize } = this.#options;
    if (!authorize) return true;
    try {
      return (await authorize(request)) === true;
    } catch {
      // It cannot tell who asks: as good as nobody.
      return false;
    }
  }

  #writerOf(definition: MetricDefinition): MetricWriter | undefined {
    if (this.#writers.has(definition)) return undefined;
    const { prefix = '', exemplars = true } = this.#options;
    const writer = createMetricWriter(this.registry, definition, { prefix, exemplars });
    this.#writers.set(definition, writer);
    return writer;
  }

  /** A metric that could not be made is not tried again for each of its values. */
  #refuse(definition: MetricDefinition, error: unknown): void {
    if (!this.#writers.has(definition)) this.#writers.set(definition, undefined);
    const reason = error instanceof Error ? error.message : String(error);
    warnOnce(
      'UNITE_APM_PROMETHEUS_REFUSED',
      `prom-client refused a value of the metric "${definition.name}": ${reason}`,
    );
  }
}

function labelsOf({ name, release, environment, deployment }: Service): Record<string, string> {
  return {
    service_name: name,
    service_version: release ?? '',
    deployment_environment_name: environment ?? '',
    deployment_id: deployment?.id ?? '',
  };
}

/** By what it does: an application's prom-client may be another copy. */
function isRegistry(value: unknown): boolean {
  const { registerMetric, getMetricsAsArray } = (value ?? {}) as Partial<Registry>;
  return typeof registerMetric === 'function' && typeof getMetricsAsArray === 'function';
}

function isLabels(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([name, text]) => isLabelName(name) && typeof text === 'string')
  );
}
