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

/** One mistake each, that the check must find. */
const mistakes: readonly (readonly [
  check: string,
  file: string,
  from: string | RegExp,
  to: string,
  said: RegExp,
])[] = [
  ['generated rules', 'generated/prometheus/crm-operations.rules.yml', /> 0\.2"/, '> 9"', /EventLoopLate/],
  [
    'generated rules',
    'generated/prometheus/crm-objectives.rules.yml',
    /sum\(rate/,
    'sum(rat',
    /unknown function/,
  ],
  [
    'prometheus/prometheus.yml',
    'templates/prometheus/prometheus.yml',
    'job_name: crm\n',
    'jobname: crm\n',
    /jobname/,
  ],
  [
    'alertmanager/alertmanager.yml',
    'templates/alertmanager/alertmanager.yml',
    'receiver: on-call',
    'receiver: none',
    /none/,
  ],
  [
    'queries of templates and runbooks',
    'templates/keda/scaledobject.yaml',
    'nodejs_eventloop_utilization_ratio',
    'nodejs_loop_ratio',
    /publishes nodejs_loop_ratio/,
  ],
  [
    'queries of templates and runbooks',
    'templates/argo-rollouts/analysis-template.yaml',
    'histogram_quantile(',
    'quantile_of(',
    /unknown function/,
  ],
  [
    'haproxy/haproxy.cfg',
    'templates/haproxy/haproxy.cfg',
    'option redispatch',
    'option redespatch',
    /redespatch/,
  ],
  [
    'nginx/nginx.conf',
    'templates/nginx/nginx.conf',
    'proxy_buffering',
    'proxy_bufering',
    /unknown directive/,
  ],
  [
    'systemd units',
    'templates/systemd/crm@.service',
    'TimeoutStopSec',
    'TimeoutStoppSec',
    /TimeoutStoppSec=35s is unknown/,
  ],
  [
    'Kubernetes, KEDA and Argo Rollouts',
    'templates/kubernetes/deployment.yaml',
    'readinessProbe',
    'readinesProbe',
    /readinesProbe/,
  ],
  [
    'Kubernetes, KEDA and Argo Rollouts',
    'templates/argo-rollouts/rollout.yaml',
    'setWeight: 50',
    'setWeigth: 50',
    /setWeigth/,
  ],
  [
    'Kubernetes, KEDA and Argo Rollouts',
    'templates/keda/scaledobject.yaml',
    'pollingInterval: 15',
    'pollInterval: 15',
    /pollInterval/,
  ],
  [
    'numbers that belong together',
    'templates/kubernetes/deployment.yaml',
    'PeriodSeconds: 35',
    'PeriodSeconds: 28',
    /above preStop and drain/,
  ],
  [
    'numbers that belong together',
    'templates/haproxy/haproxy.cfg',
    'inter 1s',
    'inter 2s',
    /believes in 2500 ms/,
  ],
  [
    'numbers that belong together',
    'templates/systemd/crm@.service',
    'StopSec=35s',
    'StopSec=20s',
    /TimeoutStopSec/,
  ],
  ['runbooks', 'runbooks/ServiceSilent.md', '## Escalation', '## Escalate', /Escalation is missing/],
  ['runbooks', 'runbooks/ServiceSilent.md', 'Severity: page', 'Severity: ticket', /Severity: page/],
  ['runbooks', 'runbooks/ServiceSilent.md', '/health/live', '/healthz', /there is no .*\/healthz/],
  ['links', 'README.md', './runbooks/ServiceSilent.md', './runbooks/Silent.md', /Silent\.md leads nowhere/],
];

describe('a mistake is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unite-operations-test-'));
  cpSync(operationsFolder, folder, { recursive: true });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(mistakes)('by %s in %s: %s', async (name, path, from, to, said) => {
    const file = join(folder, path);
    const text = readFileSync(file, 'utf8');
    const broken = text.replace(from, to);
    expect(broken).not.toBe(text);
    writeFileSync(file, broken);
    try {
      const check = operationsChecks.find((one) => one.name === name);
      expect((await check?.run(folder))?.join('\n')).toMatch(said);
    } finally {
      writeFileSync(file, text);
    }
  });
});
