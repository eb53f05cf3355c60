import { findPrometheus } from './find-prometheus';
import { startMonitoring } from './monitoring-server';
import type { MonitoringOptions, MonitoringService } from './prometheus-types';

/**
 * Starts an Alertmanager with the caller's configuration, alone: without a cluster.
 *
 * @throws ServicesError `PROMETHEUS_UNAVAILABLE`, `PROMETHEUS_FAILED` with its own words
 */
export async function startAlertmanager(options: MonitoringOptions): Promise<MonitoringService> {
  const { alertmanager } = await findPrometheus(options);
  return startMonitoring('alertmanager', alertmanager, options, (port, configFile, directory) => [
    `--config.file=${configFile}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--storage.path=${directory}/data`,
    '--cluster.listen-address=',
  ]);
}
