import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findPrometheus } from '@unite/services/prometheus';
import { stringify } from 'yaml';
import type { OperationsCheck } from './check-types';
import { toolsDirectory } from './places';
import { queriesIn } from './queries';
import { complaintsOf, runProgram } from './run-program';
import { withFolder } from './with-folder';

export const checkRuleFiles: OperationsCheck = {
  name: 'generated rules',
  by: 'promtool check rules, promtool test rules',
  async run(operations) {
    const { promtool } = await findPrometheus({ toolsDirectory });
    const cwd = join(operations, 'generated/prometheus');
    const files = readdirSync(cwd);
    const rules = files.filter((name) => name.endsWith('.rules.yml'));
    const tests = files.filter((name) => name.endsWith('.tests.yml'));
    if (rules.length === 0 || tests.length !== rules.length) return ['a file of rules has no tests'];
    const [checked, tested] = await Promise.all([
      runProgram(promtool, ['check', 'rules', ...rules], { cwd }),
      runProgram(promtool, ['test', 'rules', ...tests], { cwd }),
    ]);
    return [...complaintsOf('promtool check', checked), ...complaintsOf('promtool test', tested)];
  },
};

export const checkPrometheus: OperationsCheck = {
  name: 'prometheus/prometheus.yml',
  by: 'promtool check config',
  run: (operations) =>
    withFolder(async (folder) => {
      const { promtool } = await findPrometheus({ toolsDirectory });
      const template = readFileSync(join(operations, 'templates/prometheus/prometheus.yml'), 'utf8');
      // Debian builds Prometheus without Kubernetes.
      const text = template.replace(/kubernetes_sd_configs:\n {6}- role: pod/, 'file_sd_configs: []');
      writeFileSync(join(folder, 'prometheus.yml'), text);
      cpSync(join(operations, 'generated/prometheus'), join(folder, 'rules'), { recursive: true });
      mkdirSync(join(folder, 'secrets'));
      writeFileSync(join(folder, 'secrets/metrics-token'), 'token');
      const found = await runProgram(promtool, ['check', 'config', 'prometheus.yml'], { cwd: folder });
      return complaintsOf('promtool', found);
    }),
};

export const checkAlertmanager: OperationsCheck = {
  name: 'alertmanager/alertmanager.yml',
  by: 'amtool check-config',
  async run(operations) {
    const { promtool } = await findPrometheus({ toolsDirectory });
    // It comes with Alertmanager, in the same folder.
    const amtool = { ...promtool, command: join(dirname(promtool.command), 'amtool') };
    const file = join(operations, 'templates/alertmanager/alertmanager.yml');
    return complaintsOf('amtool', await runProgram(amtool, ['check-config', file]));
  },
};

export const checkQueries: OperationsCheck = {
  name: 'queries of templates and runbooks',
  by: 'promtool check rules, names of packages/apm',
  run: (operations) =>
    withFolder(async (folder) => {
      const { promtool } = await findPrometheus({ toolsDirectory });
      const queries = queriesIn(operations);
      const rules = queries.map(({ query }, index) => ({ record: `query:${index}`, expr: query }));
      const file = join(folder, 'queries.yml');
      writeFileSync(file, stringify({ groups: [{ name: 'queries', rules }] }));
      const found = await runProgram(promtool, ['check', 'rules', file]);
      const published = publishedNames();
      const unknown = queries.flatMap(({ place, query }) =>
        [...query.matchAll(/([a-z_][a-z_\d:]*)\{/g)]
          .map(([, name = '']) => name)
          .filter((name) => !published.has(name.replace(/_(count|bucket|sum)$/, '')) && !name.includes(':'))
          .map((name) => `${place}: no package publishes ${name}`),
      );
      return [...complaintsOf('promtool', found), ...unknown];
    }),
};

/** Whatever stands as a text, or as the name of a metric, in the package that publishes them. */
function publishedNames(): ReadonlySet<string> {
  const source = join(__dirname, '../../../packages/apm/src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    // Alerts ask for metrics, and publish none.
    (name) => name.endsWith('.ts') && !name.includes('operations-'),
  );
  const texts = files.map((name) => readFileSync(join(source, name), 'utf8')).join('\n');
  return new Set([...texts.matchAll(/\b([a-z][a-z\d]*(?:_[a-z\d]+)+)\b/g)].map(([, name = '']) => name));
}
