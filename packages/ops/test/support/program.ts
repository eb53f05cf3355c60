import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';

const root = join(__dirname, '../..');

/** What a process left behind. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that can be watched and ended. */
export interface Running {
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the standard error has this text. */
  says(text: string): Promise<void>;
  /** Reads no more of the standard output, as `head` does. */
  stopReading(): void;
}

/** The program, built from these sources for this test file, and run as a process. */
export function builtProgram(): { start(argv: readonly string[], cwd: string): Running } {
  let folder = '';
  beforeAll(() => {
    // Beside the package's dependencies, so that they are found.
    mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
    folder = mkdtempSync(join(root, 'node_modules/.cache/unite-program-'));
    const tsup = join(root, '../../node_modules/tsup/dist/cli-default.js');
    const argv = [tsup, '--config', 'tsup.program.ts', '--out-dir', folder, '--silent'];
    execFileSync(process.execPath, argv, { cwd: root });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return { start: (argv, cwd) => start(join(folder, 'cli.js'), argv, cwd) };
}

/** By its first line, as a shell would. */
function start(file: string, argv: readonly string[], cwd: string): Running {
  const child = spawn(file, argv, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  return {
    ended: new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, ...text }))),
    kill: (signal) => child.kill(signal),
    stopReading: () => child.stdout.destroy(),
    says: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => text.stderr.includes(wanted) && resolve();
        child.stderr.on('data', look);
        child.on('close', () => reject(new Error(`it ended without saying ${wanted}: ${text.stderr}`)));
        look();
      }),
  };
}
