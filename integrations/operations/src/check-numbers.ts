import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { lifecycleSettings } from '../../../packages/ops/src/lifecycle/lifecycle-settings';
import type { OperationsCheck } from './check-types';

/** Every check of health takes at most so long, by its default. */
const checkTimeoutMs = 800;
/** Below it `unite deploy` fails as well: the default of its canary. */
const minRequests = 50;

/** Numbers that stand in several files, or that the application has as well. */
export const checkNumbers: OperationsCheck = {
  name: 'numbers that belong together',
  by: 'defaults of @unite/ops and each other',
  async run(operations) {
    const { readinessGraceMs, timeoutMs } = lifecycleSettings({}).drain;
    const read = (name: string): string => readFileSync(join(operations, 'templates', name), 'utf8');
    const number = (name: string, pattern: RegExp): number =>
      Number(pattern.exec(read(name))?.[1] ?? Number.NaN);
    const yaml = (name: string, ...path: readonly (string | number)[]): number =>
      Number(parseAllDocuments(read(name))[0]?.getIn(path));

    const haproxy = 'haproxy/haproxy.cfg';
    const unit = 'systemd/crm@.service';
    const [deployment, hpa, pdb] = ['deployment', 'hpa', 'pdb'].map((name) => `kubernetes/${name}.yaml`) as [
      string,
      string,
      string,
    ];
    const keda = 'keda/scaledobject.yaml';
    const rollout = 'argo-rollouts/rollout.yaml';
    const pod = ['spec', 'template', 'spec'] as const;
    const container = [...pod, 'containers', 0] as const;
    const probe = (name: string, member: string): number => yaml(deployment, ...container, name, member);
    const interMs = number(haproxy, /inter (\d+)s/) * 1_000;
    const fastMs = number(haproxy, /fastinter (\d+)ms/);
    const downAfterMs = interMs + (number(haproxy, /fall (\d+)/) - 1) * fastMs;
    const replicas = yaml(deployment, 'spec', 'replicas');
    const graceMs = yaml(deployment, ...pod, 'terminationGracePeriodSeconds') * 1_000;
    const preStopMs = yaml(deployment, ...container, 'lifecycle', 'preStop', 'sleep', 'seconds') * 1_000;
    const readyMs =
      probe('readinessProbe', 'periodSeconds') * probe('readinessProbe', 'failureThreshold') * 1_000;
    const heapMi = number(deployment, /max-old-space-size=(\d+)/);

    const facts: readonly (readonly [fact: string, holds: boolean])[] = [
      [`HAProxy believes in ${downAfterMs} ms, within readinessGraceMs`, downAfterMs <= readinessGraceMs],
      [
        'timeout check of HAProxy is above that of checks',
        number(haproxy, /timeout check (\d+)s/) * 1_000 > checkTimeoutMs,
      ],
      [
        'hard-stop-after of HAProxy is above drain.timeoutMs',
        number(haproxy, /hard-stop-after (\d+)s/) * 1_000 > timeoutMs,
      ],
      [
        'TimeoutStopSec of systemd is above drain.timeoutMs',
        number(unit, /^TimeoutStopSec=(\d+)s$/m) * 1_000 > timeoutMs,
      ],
      ['terminationGracePeriodSeconds is above preStop and drain.timeoutMs', graceMs > preStopMs + timeoutMs],
      [`readiness is believed in ${readyMs} ms, within readinessGraceMs`, readyMs <= readinessGraceMs],
      [
        'timeoutSeconds of readiness is above that of checks',
        probe('readinessProbe', 'timeoutSeconds') * 1_000 > checkTimeoutMs,
      ],
      ['the heap leaves a fifth of the memory to all else', heapMi <= 0.8 * 1_024],
      [
        'the fewest replicas are one number',
        [
          yaml(hpa, 'spec', 'minReplicas'),
          yaml(keda, 'spec', 'minReplicaCount'),
          yaml(rollout, 'spec', 'replicas'),
        ].every((value) => value === replicas),
      ],
      [
        'the most replicas are one number',
        yaml(hpa, 'spec', 'maxReplicas') === yaml(keda, 'spec', 'maxReplicaCount'),
      ],
      ['a disruption leaves one replica to be moved', yaml(pdb, 'spec', 'minAvailable') === replicas - 1],
      [
        'a canary needs as many requests as that of unite deploy',
        number('argo-rollouts/analysis-template.yaml', /result\[0\] >= (\d+)$/m) === minRequests,
      ],
      [
        'the slots have the same ports everywhere',
        sameSlots(['haproxy/haproxy.cfg', 'nginx/nginx.conf', 'prometheus/prometheus.yml'].map(read)),
      ],
    ];
    return facts.filter(([, holds]) => !holds).map(([fact]) => `it does not hold that ${fact}`);
  },
};

/** Of blue and green; below 3010, above 3000. */
function sameSlots(texts: readonly string[]): boolean {
  const ports = texts.map((text) => [...new Set(text.match(/:300\d\b/g))].sort().join(' '));
  return ports.every((some) => some === ':3001 :3002');
}
