import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { packed } from './packed';
import { publishedPackages } from './published-packages';
import type { ReadmeExample } from './readme-examples';
import { type Finished, mustRun, run } from './run';
import { wrapInFunction } from './wrap-in-function';

/** JavaScript or TypeScript, CommonJS or ES modules. */
export type ProjectKind = 'js-cjs' | 'js-esm' | 'ts-cjs' | 'ts-esm';

/** A user's project with the packed packages installed. */
export interface Project {
  readonly directory: string;
  /** Turns the examples into JavaScript, as a user of this kind would. */
  compile(examples: readonly ReadmeExample[]): Finished;
  /** Runs a compiled example. */
  execute(example: ReadmeExample): Finished;
  /** Loads entries the way this kind does; the answer is why the entry did not load, or `null`. */
  load(specifiers: readonly string[]): Record<string, string | null>;
  remove(): void;
}

/** Copies a template outside of the repository and installs the tarballs there, with npm. */
export function createProject(kind: ProjectKind): Project {
  const directory = mkdtempSync(join(tmpdir(), `unite-${kind}-`));
  cpSync(join(__dirname, '../projects', kind), directory, { recursive: true });
  addTarballs(join(directory, 'package.json'));
  // Without a lockfile, like a user's first install.
  const options = ['--no-package-lock', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  mustRun('npm', ['install', ...options], directory);
  return {
    directory,
    compile(examples) {
      const files = examples.map(({ name, code }) => ({
        name,
        code: kind.endsWith('cjs') ? wrapInFunction(code) : code,
      }));
      return kind.startsWith('ts') ? checkTypes(directory, files) : stripTypes(directory, kind, files);
    },
    execute: ({ name }) => run(process.execPath, [`built/${name}.js`], directory),
    load: (specifiers) => JSON.parse(mustRun(process.execPath, loaderOf(kind, specifiers), directory)),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** All at once: one package finds the other among the tarballs, since the registry may not have it yet. */
function addTarballs(file: string): void {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  for (const { name } of publishedPackages) manifest.dependencies[name] = `file:${packed(name).tarball}`;
  writeFileSync(file, JSON.stringify(manifest, null, 2));
}

type SourceFile = Pick<ReadmeExample, 'name' | 'code'>;

function checkTypes(directory: string, files: readonly SourceFile[]): Finished {
  mkdirSync(join(directory, 'examples'));
  for (const { name, code } of files) writeFileSync(join(directory, 'examples', `${name}.ts`), code);
  return run(process.execPath, ['node_modules/typescript/bin/tsc'], directory);
}

function stripTypes(directory: string, kind: ProjectKind, files: readonly SourceFile[]): Finished {
  mkdirSync(join(directory, 'built'));
  const module = kind === 'js-esm' ? ts.ModuleKind.ES2022 : ts.ModuleKind.CommonJS;
  for (const { name, code } of files) {
    const compilerOptions = { module, target: ts.ScriptTarget.ES2023, esModuleInterop: true };
    const { outputText } = ts.transpileModule(code, { compilerOptions });
    writeFileSync(join(directory, 'built', `${name}.js`), outputText);
  }
  return { exitCode: 0, stdout: '', output: '' };
}

function loaderOf(kind: ProjectKind, specifiers: readonly string[]): string[] {
  const load = kind.endsWith('esm') ? 'await import(specifier)' : 'require(specifier)';
  const script = `
    const result = {};
    for (const specifier of ${JSON.stringify(specifiers)}) {
      try { ${load}; result[specifier] = null; } catch (error) { result[specifier] = String(error.stack); }
    }
    console.log(JSON.stringify(result));`;
  return [`--input-type=${kind.endsWith('esm') ? 'module' : 'commonjs'}`, '--eval', script];
}
