import type { CloseOptions } from '@unite/core';
import type { ErrorEvent } from '../capture/capture-types';
import type { MetricDefinition, MetricPoint } from '../metrics/metric-types';
import { overflow } from '../metrics/overflow';
import { OnceAMinute } from '../once-a-minute';
import type { Deployment, Service, Sink, SinkHost, SinkStats } from '../sink-types';
import { Account } from './account';
import { AgentSocket } from './agent-socket';
import type { DatadogOptions } from './datadog-types';
import { deploymentEvent } from './deployment-event';
import { errorEvent, kindOf } from './error-event';
import { tellActiveSpan } from './join-dd-trace';
import { Outbox } from './outbox';
import { Packets } from './packets';
import { SeriesTable } from './series-table';
import { serviceTags } from './service-tags';

const maxUdpBytes = 1_432;
const maxUnixBytes = 8_192;

const errorsMetric: MetricDefinition = {
  name: 'errors',
  kind: 'counter',
  help: 'Errors that were captured.',
  labels: ['error_type', 'kind', 'level', 'route'],
  buckets: [],
};
/** Series of `errors`; what is over counts without its labels. */
const maxErrorSeries = 1_000;

/** Everything that lives from `start` to `close`. */
interface Running {
  readonly host: SinkHost;
  readonly socket: AgentSocket;
  readonly outbox: Outbox;
  readonly series: SeriesTable;
  readonly events: OnceAMinute;
}

/** The sink of `datadog`. */
export class DatadogSink implements Sink {
  readonly name = 'datadog';
  readonly #options: DatadogOptions;
  readonly #account = new Account();
  readonly #errorSeries = new Set<string>();
  #running: Running | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: DatadogOptions) {
    this.#options = options;
  }

  start(host: SinkHost): void {
    const { clock } = host;
    const {
      prefix,
      tags,
      path,
      maxPacketBytes = path === undefined ? maxUdpBytes : maxUnixBytes,
    } = this.#options;
    const socket = new AgentSocket(this.#options, () => clock.monotonicMs());
    this.#running = {
      host,
      socket,
      outbox: new Outbox(new Packets(socket, this.#account, maxPacketBytes), this.#account, {
        clock,
        maxBytes: maxPacketBytes,
        maxQueued: this.#options.maxQueued,
        flushIntervalMs: this.#options.flushIntervalMs,
      }),
      series: new SeriesTable(
        prefix === undefined ? '' : `${prefix.replace(/\.+$/, '')}.`,
        serviceTags(host.service, tags),
      ),
      events: new OnceAMinute(() => clock.monotonicMs()),
    };
  }

  metric(point: MetricPoint): void {
    const running = this.#accept();
    running?.outbox.put(running.series.of(point), point.value, point.metric.kind);
  }

  /** Is counted in every case; and where it is an event too, the event is what is accounted for. */
  error(event: ErrorEvent): void {
    const running = this.#accept();
    if (!running) return;
    const { tracer } = this.#options;
    const active = tracer === false ? undefined : tellActiveSpan(event, tracer);
    const isFirst = running.events.isFirst(kindOf(event));
    running.outbox.put(running.series.of(this.#errorPoint(event)), 1, 'counter', isFirst ? 0 : 1);
    if (!isFirst) return;
    const ids = { traceId: event.traceId ?? active?.traceId, spanId: event.spanId ?? active?.spanId };
    running.outbox.event(errorEvent(event, withoutUndefined(ids), this.#options.tags));
  }

  deployment(deployment: Deployment, service: Service): void {
    const running = this.#accept();
    if (!running) return;
    const nowMs = running.host.clock.wallMs();
    running.outbox.event(deploymentEvent(deployment, service, nowMs, this.#options.tags));
  }

  /** A datagram to an address is sent within the call; one to a name that is not looked up yet is lost. */
  crash(): void {
    this.#running?.outbox.send();
  }

  stats(): SinkStats {
    return this.#account.stats();
  }

  async flush({ timeoutMs = 5_000 }: CloseOptions = {}): Promise<void> {
    await this.#running?.outbox.flush(timeoutMs);
  }

  close(options?: CloseOptions): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  async #close(options: CloseOptions | undefined): Promise<void> {
    const running = this.#running;
    // What comes from now on is refused, and counted.
    this.#running = undefined;
    await running?.outbox.flush(options?.timeoutMs ?? 5_000);
    running?.outbox.abandon();
    this.#account.closeDown();
    running?.socket.close();
  }

  #accept(): Running | undefined {
    this.#account.accept();
    if (!this.#running) this.#account.settle(1, 'closed');
    return this.#running;
  }

  /** No registry bounds the labels of this metric: types of errors may be anything. */
  #errorPoint({
    exceptions: [{ type }],
    kind,
    level,
    route = '',
  }: ErrorEvent): Pick<MetricPoint, 'metric' | 'labels'> {
    const labels = [type, kind, level, route];
    const id = JSON.stringify(labels);
    if (this.#errorSeries.size >= maxErrorSeries && !this.#errorSeries.has(id)) {
      return { metric: errorsMetric, labels: [overflow, kind, level, overflow] };
    }
    this.#errorSeries.add(id);
    return { metric: errorsMetric, labels };
  }
}

function withoutUndefined<Value>(record: Record<string, Value | undefined>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Record<
    string,
    Value
  >;
}
