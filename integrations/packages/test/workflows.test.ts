import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { publishedPackages } from '../src/published-packages';
import { readJson, repository } from '../src/repository';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const folder = join(repository, '.github/workflows');
const { scripts } = readJson<{ scripts: Record<string, string> }>('package.json');
/** Of all packages together: which one a filter means is for pnpm to say. */
const testScripts: Record<string, string> = Object.assign(
  {},
  ...publishedPackages.map(({ directory }) => scriptsOf(directory)),
);

describe.each(readdirSync(folder))('the workflow %s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const workflow = parse(text) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  test('pins every action by commit, with its version beside it', () => {
    const used = text.match(/^.*\buses:.*$/gm) ?? [];
    expect(used).toHaveLength(steps.filter((step) => step.uses).length);
    expect(used.filter((line) => !/ uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test('may do nothing by default but read', () => {
    expect(Object.entries(workflow.permissions ?? { all: 'unset' })).toEqual(
      file === 'release.yml' ? [] : [['contents', 'read']],
    );
  });

  test('runs scripts that exist', () => {
    const commands = steps.flatMap(({ run, with: inputs = {} }) => [run, inputs.version, inputs.publish]);
    const called = commands.filter((command) => typeof command === 'string').flatMap(calledScripts);
    expect(called.length).toBeGreaterThan(0);
    const missing = called.filter(({ script, inPackages }) => !(inPackages ? testScripts : scripts)[script]);
    expect(missing).toEqual([]);
  });
});

function scriptsOf(directory: string): Record<string, string> {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).scripts;
}

/** `pnpm run lint` → `lint` of the root; with `--filter`, of the packages. */
function calledScripts(command: string): { script: string; inPackages: boolean }[] {
  return [...command.matchAll(/\b(?:npm|pnpm)\b(?<options>[^\n&|]*?) run (?<script>[\w:-]+)/g)].map(
    ({ groups }) => ({
      script: groups?.script ?? '',
      inPackages: groups?.options?.includes('--filter') ?? false,
    }),
  );
}
