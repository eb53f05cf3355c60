import { type MonitoringService, startAlertmanager, startPrometheus } from '@unite/services/prometheus';
import { toolsDirectory } from './programs';
import type { ObservedServer } from './start-server';

/** A Prometheus that scrapes the server twice a second, evaluates the rules as often, and tells a webhook. */
export async function startMonitoring(server: ObservedServer, rules: string, webhookUrl: string) {
  const alertmanager = await startAlertmanager({
    toolsDirectory,
    config: `
route: { receiver: webhook, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers: [{ name: webhook, webhook_configs: [{ url: '${webhookUrl}', send_resolved: true }] }]
`,
  });
  let prometheus: MonitoringService;
  try {
    prometheus = await startPrometheus({
      toolsDirectory,
      files: { 'rules.yml': rules },
      config: `
global: { scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms }
rule_files: [rules.yml]
scrape_configs: [{ job_name: shop, static_configs: [{ targets: ['127.0.0.1:${server.port}'] }] }]
alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:${alertmanager.port}'] }] }] }
`,
    });
  } catch (error) {
    await alertmanager.close();
    throw error;
  }
  return {
    prometheus,
    alertmanager,
    async [Symbol.asyncDispose]() {
      await prometheus.close();
      await alertmanager.close();
    },
  };
}
