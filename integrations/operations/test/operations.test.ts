import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { operationsChecks } from '../src/operations-checks';
import { operationsFolder } from '../src/places';

describe('docs/operations', () => {
  test.each(operationsChecks.map((check) => [check.name, check] as const))('%s', async (_, check) => {
    expect(await check.run(operationsFolder)).toEqual([]);
  });
});

/** A mistake in a file, and what the check says of it. */
type Mistake = readonly [file: string, from: string | RegExp, to: string, said: RegExp];

/** Made at once, for each check. */
const mistakes: Readonly<Record<string, readonly Mistake[]>> = {
  'generated rules': [
    ['generated/prometheus/crm-operations.rules.yml', / > 0\.2"/, ' > 9"', /EventLoopLate/],
    ['generated/prometheus/crm-objectives.rules.yml', /sum\(rate/, 'sum(rat', /unknown function/],
  ],
  'prometheus/prometheus.yml': [
    ['templates/prometheus/prometheus.yml', 'job_name: crm\n', 'jobname: crm\n', /jobname/],
  ],
  'alertmanager/alertmanager.yml': [
    ['templates/alertmanager/alertmanager.yml', 'receiver: on-call', 'receiver: none', /none/],
  ],
  'queries of templates and runbooks': [
    [
      'templates/keda/scaledobject.yaml',
      'eventloop_utilization',
      'loop_use',
      /publishes nodejs_loop_use_ratio/,
    ],
    [
      'templates/argo-rollouts/analysis-template.yaml',
      'histogram_quantile(',
      'quantile_of(',
      /unknown function/,
    ],
    ['runbooks/SloBudgetBurn.md', '[5m]', '[5x]', /unknown unit|bad number|parse error/],
  ],
  'haproxy/haproxy.cfg': [
    ['templates/haproxy/haproxy.cfg', 'option redispatch', 'option reDispatch', /reDispatch/],
  ],
  'nginx/nginx.conf': [
    ['templates/nginx/nginx.conf', 'proxy_buffering', 'proxy_bufering', /unknown directive/],
  ],
  'systemd units': [
    ['templates/systemd/crm@.service', 'TimeoutStopSec', 'TimeoutStop', /TimeoutStop=35s is unknown/],
  ],
  'Kubernetes, KEDA and Argo Rollouts': [
    ['templates/kubernetes/deployment.yaml', 'readinessProbe', 'readinesProbe', /readinesProbe/],
    ['templates/kubernetes/pdb.yaml', 'minAvailable: 2', 'minAvailable: [2]', /pdb\.yaml/],
    ['templates/argo-rollouts/rollout.yaml', 'setWeight: 50', 'setWeigth: 50', /setWeigth/],
    ['templates/keda/scaledobject.yaml', 'pollingInterval: 15', 'pollInterval: 15', /pollInterval/],
  ],
  'numbers that belong together': [
    [
      'templates/kubernetes/deployment.yaml',
      'PeriodSeconds: 35',
      'PeriodSeconds: 28',
      /above preStop and drain/,
    ],
    ['templates/haproxy/haproxy.cfg', 'inter 1s', 'inter 2s', /believes in 2500 ms/],
    ['templates/systemd/crm@.service', 'StopSec=35s', 'StopSec=20s', /TimeoutStopSec/],
  ],
  runbooks: [
    ['runbooks/ServiceSilent.md', '## Escalation', '## Escalate', /Escalation is missing/],
    ['runbooks/ServiceSilent.md', 'Severity: page', 'Severity: ticket', /Severity: page/],
    ['runbooks/ServiceSilent.md', '.com/health/live', '.com/healthz', /there is no .*\/healthz/],
    ['runbooks/CryptoTampering.md', 'unite -- keys', 'unit -- keys', /there is no npm run unit/],
  ],
  links: [['README.md', './runbooks/ServiceSilent.md', './runbooks/Silent.md', /Silent\.md leads nowhere/]],
};

describe('mistakes are found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unite-operations-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(Object.entries(mistakes))('in %s', async (name, made) => {
    cpSync(operationsFolder, folder, { recursive: true });
    for (const [path, from, to] of made) {
      const file = join(folder, path);
      const text = readFileSync(file, 'utf8');
      expect(text).toMatch(from);
      writeFileSync(file, text.replace(from, to));
    }
    const check = operationsChecks.find((one) => one.name === name);
    const found = (await check?.run(folder))?.join('\n');
    for (const [, , , said] of made) expect(found).toMatch(said);
  });
});
