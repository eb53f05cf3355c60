import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProject, type Project, projectKinds } from '../src/project';
import { publicEntries, publishedPackages } from '../src/published-packages';
import { expectedOutput, printedOutput, readmeExamples } from '../src/readme-examples';
import type { Finished } from '../src/run';

test.each(publishedPackages)('the readme of $name has an example that runs', ({ name }) => {
  expect(readmeExamples.filter(({ owner }) => owner === name)).not.toEqual([]);
});

describe.each(projectKinds)('in a %s project', (kind) => {
  let project: Project;
  let compiled: Finished;
  let loaded: Record<string, string | null>;

  beforeAll(() => {
    project = createProject(kind);
    compiled = project.compile(readmeExamples);
    loaded = project.load(publicEntries.map(({ specifier }) => specifier));
  });
  afterAll(() => project?.remove());

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
});
