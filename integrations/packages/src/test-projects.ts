import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Installation, installPacked, type Language } from './install-packed';
import { createProject, type Project } from './project';
import { publicEntries } from './published-packages';
import { expectedOutput, printedOutput, readmeExamples } from './readme-examples';
import { type Finished, run } from './run';

/**
 * Installs what is packed as a project in this language would, and uses it in projects of both kinds of modules. One
 * language a file, so that two run at a time.
 */
export function testProjects(language: Language): void {
  let installed: Installation;

  beforeAll(() => {
    installed = installPacked(language);
    // A registry may be slow.
  }, 900_000);
  afterAll(() => installed?.remove());

  describe.each(['cjs', 'esm'] as const)(`in a ${language}-%s project`, (modules) => {
    let project: Project;
    let compiled: Finished;
    let loaded: Record<string, string | null>;

    beforeAll(() => {
      project = createProject(installed, modules);
      compiled = project.compile(readmeExamples);
      loaded = project.load(publicEntries.map(({ specifier }) => specifier));
    }, 900_000);

    test('every readme example compiles', () => {
      expect(compiled.output).toBe('');
      expect(compiled.exitCode).toBe(0);
    });

    test.each(readmeExamples)('the readme example $name prints what it says', (example) => {
      const { exitCode, output } = project.execute(example);
      const expected = expectedOutput(example.expected);
      if (expected instanceof RegExp) expect(output).toMatch(expected);
      else expect(printedOutput(example.expected, output)).toEqual(expected);
      expect(exitCode).toBe(0);
    });

    test.each(publicEntries)('$specifier loads', ({ specifier }) => {
      expect(loaded[specifier]).toBeNull();
    });

    test('unite runs with a configuration in TypeScript', () => {
      writeFileSync(
        join(project.directory, 'unite.config.ts'),
        `import { defineConfig } from '@unite/ops/config';
      import type { Finding } from '@unite/core';
      const findings: readonly Finding[] = [{ subject: 'it', status: 'passed', detail: 'works' }];
      export default defineConfig(() => ({ verify: [{ name: 'one', about: 'x', run: async () => findings }] }));`,
      );
      const { exitCode, stdout } = run('npx', ['unite', 'verify', '--json'], project.directory);
      expect(JSON.parse(stdout)).toMatchObject({ passed: true, counts: { passed: 1 } });
      expect(exitCode).toBe(0);
    });
  });
}
