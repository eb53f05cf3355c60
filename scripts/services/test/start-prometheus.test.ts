import { existsSync, readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startAlertmanager, startPrometheus } from '../src/prometheus';
import type { ServerExit } from '../src/types';
import { cleanUp, eventually, processesIn, temporaryDirectory, toolsDirectory, withPath } from './support';

const itOnDebian = existsSync('/usr/bin/dpkg') ? it : it.skip;
const nowhere = 'route: { receiver: none }\nreceivers: [{ name: none }]\n';

describe('startPrometheus and startAlertmanager', () => {
  afterEach(cleanUp);

  itOnDebian('scrape, answer and end (needs Debian)', async () => {
    const exits: ServerExit[] = [];
    const alertmanager = await startAlertmanager({
      toolsDirectory,
      config: nowhere,
      onExit: (exit) => exits.push(exit),
    });
    const prometheus = await startPrometheus({
      toolsDirectory,
      files: { 'rules.yml': 'groups: [{ name: a, rules: [{ record: one, expr: "1" }] }]' },
      config: `
rule_files: [rules.yml]
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: alertmanager
    static_configs: [{ targets: ['127.0.0.1:${alertmanager.port}'] }]
`,
    });
    expect(processesIn(prometheus.directory)).toContain(prometheus.pid);
    await eventually(async () => {
      const response = await fetch(`${prometheus.url}/api/v1/query?query=up`);
      return JSON.stringify(await response.json()).includes('"1"]');
    });
    await Promise.all([prometheus.close(), prometheus.close()]);
    expect(prometheus.pid).toBeUndefined();
    expect(existsSync(prometheus.directory)).toBe(false);

    process.kill(Number(alertmanager.pid), 'SIGKILL');
    await eventually(() => exits.length > 0);
    expect(exits).toEqual([{ code: null, signal: 'SIGKILL' }]);
    await alertmanager.close();
    // On a busy machine the system may list it for a moment longer.
    await eventually(() => processesIn(alertmanager.directory).length === 0);
  });

  itOnDebian('show their own words about a configuration that is wrong (needs Debian)', async () => {
    const wrong = { toolsDirectory, config: 'scrape: 5\n' };
    await expect(startPrometheus(wrong)).rejects.toMatchObject({
      code: 'PROMETHEUS_FAILED',
      message: expect.stringMatching(/prometheus did not start \(ended\)[\s\S]*field scrape not found/),
    });
  });

  it('say what was tried and what to install where there is none', async () => {
    const tools = temporaryDirectory();
    const refusal = withPath(temporaryDirectory(), () =>
      startPrometheus({ toolsDirectory: tools, config: '' }),
    );
    await expect(refusal).rejects.toMatchObject({
      code: 'PROMETHEUS_UNAVAILABLE',
      message: expect.stringMatching(/path: not all[\s\S]*debian: not a Debian[\s\S]*apt install prometheus/),
    });
    expect(readdirSync(tools)).toEqual([]);
  });
});
