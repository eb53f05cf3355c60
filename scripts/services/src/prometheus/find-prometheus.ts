import { dirname, join } from 'node:path';
import { ServicesError } from '../errors';
import { findOnPath } from '../tools/find-on-path';
import { firstFound } from '../tools/first-found';
import type { Program } from '../tools/program';
import { toolsDirectory } from '../tools/tools-directory';
import { unpackDebian } from '../tools/unpack-debian';
import type { MonitoringOptions } from './prometheus-types';
import { type AlertmanagerProgram, relocatedAlertmanager } from './relocated-alertmanager';

/** Programs of Prometheus that can be run. */
export interface PrometheusPrograms {
  readonly prometheus: Program;
  readonly promtool: Program;
  readonly alertmanager: AlertmanagerProgram;
}

/**
 * Finds Prometheus with its tools and its Alertmanager: on PATH, or unpacked from Debian's packages without installing
 * them.
 *
 * @throws ServicesError `PROMETHEUS_UNAVAILABLE`, with what was tried and what to install
 */
export async function findPrometheus(
  options: Pick<MonitoringOptions, 'toolsDirectory' | 'onProgress' | 'signal'> = {},
): Promise<PrometheusPrograms> {
  const found = await firstFound(
    { path: async () => onPath() ?? 'not all programs are on PATH', debian: () => unpacked(options) },
    ['path', 'debian'],
  );
  if (typeof found === 'object') return found;
  throw new ServicesError(
    'PROMETHEUS_UNAVAILABLE',
    `No Prometheus with promtool and Alertmanager was found.\n${found}\nInstall them ("apt install prometheus prometheus-alertmanager", "brew install prometheus alertmanager").`,
  );
}

function onPath(): PrometheusPrograms | undefined {
  const prometheus = findOnPath('prometheus');
  const promtool = findOnPath('promtool');
  const alertmanager = findOnPath('alertmanager', 'prometheus-alertmanager');
  if (!prometheus || !promtool || !alertmanager) return undefined;
  return {
    prometheus: { command: prometheus },
    promtool: { command: promtool },
    alertmanager: { command: alertmanager },
  };
}

async function unpacked({
  toolsDirectory: wanted,
  ...options
}: Pick<MonitoringOptions, 'toolsDirectory' | 'onProgress' | 'signal'>): Promise<
  PrometheusPrograms | string
> {
  const prometheus = await unpackDebian({
    ...options,
    title: 'Prometheus',
    packages: ['prometheus', 'prometheus-alertmanager'],
    program: 'usr/bin/prometheus',
    versionArguments: ['--version'],
    version: /^prometheus, version /,
    directory: join(toolsDirectory(wanted, undefined), 'prometheus'),
  });
  if (typeof prometheus === 'string') return prometheus;
  const beside = (name: string): Program => ({
    ...prometheus,
    command: join(dirname(prometheus.command), name),
  });
  return {
    prometheus,
    promtool: beside('promtool'),
    alertmanager: relocatedAlertmanager(beside('prometheus-alertmanager')),
  };
}
