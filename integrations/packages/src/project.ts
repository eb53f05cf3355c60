import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Installation } from './install-packed';
import type { ReadmeExample } from './readme-examples';
import { type Finished, mustRun, run } from './run';
import { wrapInFunction } from './wrap-in-function';

/** CommonJS or ES modules. */
export type Modules = 'cjs' | 'esm';

/** A user's project with the packed packages installed. */
export interface Project {
  readonly directory: string;
  /** Turns the examples into JavaScript, as a user of this kind would. */
  compile(examples: readonly ReadmeExample[]): Finished;
  /** Runs a compiled example. */
  execute(example: ReadmeExample): Finished;
  /** Loads entries the way this kind does; the answer is why the entry did not load, or `null`. */
  load(specifiers: readonly string[]): Record<string, string | null>;
}

/** A project with modules of one kind. What is installed is the same for both, so they share it. */
export function createProject({ language, directory: root }: Installation, modules: Modules): Project {
  const directory = join(root, modules);
  symlinkSync('../node_modules', join(directory, 'node_modules'), 'dir');
  return {
    directory,
    compile(examples) {
      const files = examples.map(({ name, code }) => ({
        name,
        code: modules === 'cjs' ? wrapInFunction(code) : code,
      }));
      return language === 'ts' ? checkTypes(directory, files) : stripTypes(directory, modules, files);
    },
    execute: ({ name }) => run(process.execPath, [`built/${name}.js`], directory),
    load: (specifiers) => JSON.parse(mustRun(process.execPath, loaderOf(modules, specifiers), directory)),
  };
}

type SourceFile = Pick<ReadmeExample, 'name' | 'code'>;

function checkTypes(directory: string, files: readonly SourceFile[]): Finished {
  mkdirSync(join(directory, 'examples'));
  for (const { name, code } of files) writeFileSync(join(directory, 'examples', `${name}.ts`), code);
  return run(process.execPath, ['node_modules/typescript/bin/tsc'], directory);
}

function stripTypes(directory: string, modules: Modules, files: readonly SourceFile[]): Finished {
  mkdirSync(join(directory, 'built'));
  const module = modules === 'esm' ? ts.ModuleKind.ES2022 : ts.ModuleKind.CommonJS;
  for (const { name, code } of files) {
    const compilerOptions = { module, target: ts.ScriptTarget.ES2023, esModuleInterop: true };
    const { outputText } = ts.transpileModule(code, { compilerOptions });
    writeFileSync(join(directory, 'built', `${name}.js`), outputText);
  }
  return { exitCode: 0, stdout: '', output: '' };
}

function loaderOf(modules: Modules, specifiers: readonly string[]): string[] {
  const load = modules === 'esm' ? 'await import(specifier)' : 'require(specifier)';
  const script = `
    const result = {};
    for (const specifier of ${JSON.stringify(specifiers)}) {
      try { ${load}; result[specifier] = null; } catch (error) { result[specifier] = String(error.stack); }
    }
    console.log(JSON.stringify(result));`;
  return [`--input-type=${modules === 'esm' ? 'module' : 'commonjs'}`, '--eval', script];
}
