import { requestDurationMetric } from '../request-metrics';
import { boundOf } from './buckets-for';
import type { GeneratorOptions } from './generator-options';
import { decimal } from './prom-ql';
import type { Slo } from './slo-types';

/** Name of a metric in Datadog: the sink puts a dot after its prefix. */
export function datadogName(name: string, { prefix }: GeneratorOptions): string {
  return prefix === undefined ? name : `${prefix.replace(/\.+$/, '')}.${name}`;
}

/** `service:crm,env:production`, as the sink tags it. */
export function serviceScope({ service, environment }: GeneratorOptions): string {
  const scope = [`service:${tagValue(service)}`];
  if (environment !== undefined) scope.push(`env:${tagValue(environment)}`);
  return scope.join(' AND ');
}

/** Good and all requests of an objective, as an objective of Datadog asks for them. */
export function objectiveQueries(slo: Slo, options: GeneratorOptions): { good: string; total: string } {
  const metric = datadogName(requestDurationMetric, options);
  const scope = [serviceScope(options), ...routeScope(slo), 'NOT http_response_status_code:499'].join(
    ' AND ',
  );
  const bound = boundOf(slo);
  // Values of a distribution are kept, so that those below a bound are counted and not estimated.
  const good = bound === undefined ? 'count' : `count(v: v<=${decimal(bound)})`;
  return {
    good: `${good}:${metric}{${scope} AND NOT http_response_status_code:5*}.as_count()`,
    total: `count:${metric}{${scope}}.as_count()`,
  };
}

/** A tag's value as Datadog keeps it. @see https://docs.datadoghq.com/getting_started/tagging/#define-tags */
function tagValue(value: string): string {
  return value.toLowerCase().replace(/[^\p{L}\p{N}_\-:./]/gu, '_');
}

function routeScope({ route }: Slo): string[] {
  if (route === '*') return [];
  const space = route.indexOf(' ');
  const template = route.slice(space + 1);
  const scope = [`http_request_method:${tagValue(route.slice(0, space))}`];
  if (template === '*') return scope;
  const value = template.endsWith('*') ? `${tagValue(template.slice(0, -1))}*` : tagValue(template);
  return [...scope, `http_route:${value}`];
}
