import { findPrometheus } from './find-prometheus';
import { startMonitoring } from './monitoring-server';
import type { MonitoringOptions, MonitoringService } from './prometheus-types';

/**
 * Starts a Prometheus with the caller's configuration, with storage of its own that is removed at the end. Exemplars are
 * stored.
 *
 * @throws ServicesError `PROMETHEUS_UNAVAILABLE`, `PROMETHEUS_FAILED` with its own words
 * @example
 * await using prometheus = await startPrometheus({
 *   config: `
 * scrape_configs:
 *   - job_name: app
 *     scrape_interval: 1s
 *     static_configs: [{ targets: ['127.0.0.1:3000'] }]
 * `,
 * });
 * await fetch(`${prometheus.url}/api/v1/query?query=up`);
 */
export async function startPrometheus(options: MonitoringOptions): Promise<MonitoringService> {
  const { prometheus } = await findPrometheus(options);
  return startMonitoring('prometheus', prometheus, options, (port, configFile, directory) => [
    `--config.file=${configFile}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--storage.tsdb.path=${directory}/data`,
    '--enable-feature=exemplar-storage',
  ]);
}
