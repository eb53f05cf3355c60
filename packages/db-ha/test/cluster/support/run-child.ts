import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process of its own, to see what keeps one alive. */
export interface Child extends AsyncDisposable {
  /** The next line that it prints, read as JSON. */
  next(): Promise<unknown>;
  /** Writes a line to its input. */
  tell(line: string): void;
  /** Lets `proceed()` in it resolve. */
  proceed(): void;
  /** Its exit code, and what it wrote to its error output. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/** A child that is quiet for so long will say nothing any more. */
const silenceMs = 60_000;
const sources = resolve(__dirname, '../../../src/index.ts');

/**
 * Runs `body` with `createCluster`, `pg`, `print(value)`, `proceed()`, `resources()`,
 * `gone()` (milliseconds until no resource was left) and `nodes`.
 * Nothing ends the process: it has to come to its end by itself.
 */
export function runChild(body: string, nodes: unknown): Child {
  const script = `
    const { createCluster } = require(${JSON.stringify(sources)});
    const pg = require('pg');
    const nodes = ${JSON.stringify(nodes)};
    const print = (value) => console.log(JSON.stringify(value));
    const proceed = () => new Promise((resolve) => process.stdin.once('data', () => { process.stdin.destroy(); resolve(); }));
    const resources = () => process.getActiveResourcesInfo().filter((name) => /TCP|Timeout|Immediate/.test(name));
    const gone = async () => {
      const startedAtMs = performance.now();
      while (resources().filter((name) => name !== 'Immediate').length > 0) await new Promise((resolve) => setImmediate(resolve));
      return performance.now() - startedAtMs;
    };
    (async () => { ${body} })();`;
  const child = spawn(process.execPath, ['-r', resolve(__dirname, 'register-typescript.cjs'), '-e', script], {
    cwd: resolve(__dirname, '../../..'),
  });
  return watch(child);
}

function watch(child: ChildProcessWithoutNullStreams): Child {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }));
  return {
    async next() {
      const timer = new AbortController();
      const tooLate = sleep(silenceMs, undefined, { signal: timer.signal }).then(
        () => Promise.reject(new Error(`the child says nothing: ${stderr}`)),
        () => new Promise<never>(() => undefined),
      );
      const { value, done } = await Promise.race([lines.next(), tooLate]);
      timer.abort();
      if (done) throw new Error(`the child ended without a word: ${stderr}`);
      return JSON.parse(value);
    },
    tell: (line) => void child.stdin.write(`${line}\n`),
    proceed: () => void child.stdin.write('\n'),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
