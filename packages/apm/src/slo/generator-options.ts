import { checkOptions, expects, optionChecks } from '@unite/shared';
import type { MetricDefinition } from '../metrics/metric-types';
import { checkSlos } from './check-slos';
import type { Slo } from './slo-types';

/** What generators of rules, monitors and dashboards are given. */
export interface GeneratorOptions {
  readonly slos: readonly Slo[];
  /** `service.name` of `startApm`. */
  readonly service: string;
  /** `service.environment`: only what runs there is looked at. @default all of them together */
  readonly environment?: string | undefined;
  /** What the sink was given as `prefix`. @default none */
  readonly prefix?: string | undefined;
  /** Address of the runbook of an alert, by the alert's name. It stands in everything that alerts. @default none */
  readonly runbookUrl?: ((alert: string) => string) | undefined;
}

/** What generators of dashboards are given. */
export interface DashboardOptions extends GeneratorOptions {
  /** Metrics of the business, each of which gets a panel. @default none */
  readonly metrics?: readonly Pick<MetricDefinition, 'name' | 'kind' | 'help' | 'labels'>[] | undefined;
}

/** @throws TypeError for an option that cannot be */
export function checkGeneratorOptions(
  owner: string,
  options: GeneratorOptions,
  more: Parameters<typeof checkOptions>[2] = {},
): void {
  const checks = {
    slos: expects('a list of objectives made by slo()', (value) => Array.isArray(value)),
    service: optionChecks.string,
    environment: optionChecks.string,
    runbookUrl: optionChecks.function,
    prefix: expects('letters, digits, "_" and "."', (value) => /^[a-zA-Z_][\w.]*$/.test(String(value))),
    ...more,
  };
  checkOptions(owner, options, checks, ['slos', 'service']);
  checkSlos(owner, options.slos);
}
