import { requestDurationMetric } from '../request-metrics';
import { boundOf } from './buckets-for';
import type { GeneratorOptions } from './generator-options';
import type { Slo } from './slo-types';

/** What a selector of the service has: `service_name="crm"`. */
export function serviceMatchers({ service, environment }: GeneratorOptions): string[] {
  const matchers = [`service_name=${quoted(service)}`];
  if (environment !== undefined) matchers.push(`deployment_environment_name=${quoted(environment)}`);
  return matchers;
}

/** Requests a second that count for an objective, over a window. */
export function totalRate(slo: Slo, options: GeneratorOptions, window: string): string {
  const { prefix = '' } = options;
  return sumOfRate(`${prefix}${requestDurationMetric}_count`, requestMatchers(slo, options), window);
}

/**
 * Bad requests a second, over a window. A series that does not exist yet is no series, not 0: without the zero an outage
 * with no good request ever, or a service without any error, would have no value.
 */
export function badRate(slo: Slo, options: GeneratorOptions, window: string): string {
  const { prefix = '' } = options;
  const matchers = requestMatchers(slo, options);
  const total = totalRate(slo, options, window);
  const bound = boundOf(slo);
  if (bound === undefined) {
    const bad = [...matchers, 'http_response_status_code=~"5.."'];
    return `(${sumOfRate(`${prefix}${requestDurationMetric}_count`, bad, window)} or 0 * ${total})`;
  }
  const good = [...matchers, 'http_response_status_code!~"5.."', boundMatcher(bound)];
  return `(${total} - (${sumOfRate(`${prefix}${requestDurationMetric}_bucket`, good, window)} or 0 * ${total}))`;
}

/** A text of PromQL. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A number without the noise of binary fractions: 1 - 0.999 is 0.001. */
export function decimal(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** 499: the client was gone, which says nothing about the service. */
function requestMatchers({ route }: Slo, options: GeneratorOptions): string[] {
  const matchers = [...serviceMatchers(options), 'http_response_status_code!="499"'];
  if (route === '*') return matchers;
  const space = route.indexOf(' ');
  const template = route.slice(space + 1);
  matchers.push(`http_request_method=${quoted(route.slice(0, space))}`);
  if (template.endsWith('*')) {
    const pattern = template.slice(0, -1).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    if (pattern !== '') matchers.push(`http_route=~${quoted(`${pattern}.*`)}`);
  } else {
    matchers.push(`http_route=${quoted(template)}`);
  }
  return matchers;
}

/** Prometheus 3 writes the bound 1 as `1.0`, Prometheus 2 as it was scraped. */
function boundMatcher(bound: number): string {
  return Number.isInteger(bound) ? `le=~"${bound}(\\\\.0)?"` : `le="${bound}"`;
}

function sumOfRate(metric: string, matchers: readonly string[], window: string): string {
  return `sum(rate(${metric}{${matchers.join(',')}}[${window}]))`;
}
