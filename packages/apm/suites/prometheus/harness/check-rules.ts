import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPrometheus } from '@unite/services/prometheus';
import { type GeneratorOptions, prometheusRules, prometheusRuleTests } from '../../../src/slo';
import { toolsDirectory } from './programs';

/** What promtool says of generated rules: of their syntax, and of their tests. */
export async function checkRules(
  options: GeneratorOptions,
  change: (rules: string) => string = (rules) => rules,
): Promise<{ check: string; tests: string }> {
  const { promtool } = await findPrometheus({ toolsDirectory });
  const directory = mkdtempSync(join(tmpdir(), 'unite-rules-'));
  try {
    writeFileSync(join(directory, 'rules.yml'), change(prometheusRules(options)));
    writeFileSync(join(directory, 'tests.yml'), prometheusRuleTests({ ...options, rulesFile: 'rules.yml' }));
    const run = (...args: string[]): Promise<string> =>
      new Promise((resolve) =>
        execFile(promtool.command, args, { cwd: directory }, (_, stdout, stderr) => resolve(stdout + stderr)),
      );
    return {
      check: await run('check', 'rules', 'rules.yml'),
      tests: await run('test', 'rules', 'tests.yml'),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
