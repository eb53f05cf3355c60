import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Sink } from '../sink-types';

/** Options of `prometheus`. */
export interface PrometheusOptions {
  /**
   * Where the metrics are registered: an application's own registry of `prom-client`, so that one scrape has both.
   * Labels that were set on it by `setDefaultLabels` are not written; give `defaultLabels` here.
   *
   * @default a new one, so that nothing can clash with it
   */
  readonly registry?: Registry | undefined;
  /** Stands before the name of each metric of `startApm`: `crm_`. @default none */
  readonly prefix?: string | undefined;
  /** Whether a scrape that asks for OpenMetrics is told the trace of a recent request in each bucket. @default true */
  readonly exemplars?: boolean | undefined;
  /**
   * Labels that every series has. They are added to those of the service, whose names are OpenTelemetry's with `_` for
   * `.`: `service_name`, `service_version` (the release), `deployment_environment_name` and `deployment_id`. An empty
   * text leaves one out. A metric's own label of the same name wins. As for metrics, none may be named `le`, `quantile`
   * or `__…`.
   *
   * @see https://opentelemetry.io/docs/specs/semconv/resource
   */
  readonly defaultLabels?: Readonly<Record<string, string>> | undefined;
  /**
   * Who may scrape; others get a 403, also where this throws. Without it the endpoint answers everybody who reaches
   * it: routes and errors are told to them, so give this, or bind the endpoint to a private network.
   *
   * @default everybody
   */
  readonly authorize?: ((request: ScrapeRequest) => boolean | Promise<boolean>) | undefined;
}

/** A request for the metrics, whatever the framework. */
export interface ScrapeRequest {
  /** @param name in any case. @returns its value, or `undefined` where it was not sent */
  header(name: string): string | undefined;
}

/** A sink that a Prometheus scrapes. */
export interface PrometheusSink extends Sink {
  readonly registry: Registry;
  /**
   * Answers a scrape, for a route of Next.js: in OpenMetrics where the request prefers it, else in the text format of
   * Prometheus. Never rejects.
   */
  metrics(request?: Request): Promise<Response>;
  /** Answers scrapes in Express, and in `node:http`. */
  handler(): (request: IncomingMessage, response: ServerResponse) => void;
}
