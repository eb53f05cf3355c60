import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';
import { it } from '@jest/globals';
import pg from 'pg';
import { Deadline } from '../src/deadline';

/** A test that switches users, which root alone may; elsewhere it is skipped, and its title says why. */
export function itAsRoot(title: string, run: () => Promise<void>): void {
  if (process.getuid?.() === 0) it(title, run);
  else it.skip(`${title} (needs root)`, run);
}

/** Kept from one run of the tests to the next, where the package's own `npm start` keeps it too. */
export const toolsDirectory = resolvePath(__dirname, '..', '..', '..', '.unite', 'tools');

/** Runs something with only one directory on PATH. */
export async function withPath<Result>(directory: string, run: () => Promise<Result>): Promise<Result> {
  const path = process.env.PATH;
  process.env.PATH = directory;
  try {
    return await run();
  } finally {
    process.env.PATH = path;
  }
}

const directories: string[] = [];
const children: ChildProcess[] = [];

/** A new directory, removed by `cleanUp`. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'unite-test-')));
  // Closed by default, and root's servers run as somebody else, who has to pass through.
  chmodSync(directory, 0o755);
  directories.push(directory);
  return directory;
}

/** Ends what a failed test left, and removes its directories. */
export async function cleanUp(): Promise<void> {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const directory of directories.splice(0)) {
    await eventually(() => processesIn(directory).length === 0).catch(() => {});
    for (const pid of processesIn(directory)) process.kill(pid, 'SIGKILL');
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** Waits for a condition; fails with it when it does not come true. */
export async function eventually<Answer>(
  ask: () => Answer | Promise<Answer>,
  timeoutMs = 60_000,
): Promise<Answer> {
  const answer = await new Deadline(timeoutMs).poll(ask, 25);
  if (answer === undefined) throw new Error(`did not happen within ${timeoutMs} ms: ${ask}`);
  return answer;
}

/** One query on a connection of its own. */
export async function query<Row = Record<string, unknown>>(
  url: string,
  text: string,
  timeoutMs = 30_000,
): Promise<Row[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(text)).rows as Row[];
  } finally {
    void client.end().catch(() => {});
  }
}

/** Processes that work in a directory or name it in their command line; zombies do not count. */
export function processesIn(directory: string): number[] {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,command='], { encoding: 'utf8' });
    return stdout
      .split('\n')
      .filter((line) => line.includes(directory))
      .map((line) => Number.parseInt(line, 10));
  }
  return readdirSync('/proc')
    .map(Number)
    .filter(
      (pid) =>
        pid > 0 && pid !== process.pid && `${look(pid, 'cmdline')} ${look(pid, 'cwd')}`.includes(directory),
    );
}

function look(pid: number, name: 'cmdline' | 'cwd'): string {
  try {
    return name === 'cwd' ? readlinkSync(`/proc/${pid}/cwd`) : readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** A Node process of the test's own, with what it says so far. */
export interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts one of the programs in `fixtures`. */
export function startProgram(
  file: string,
  args: readonly string[] = [],
  options: { uid?: number; env?: NodeJS.ProcessEnv } = {},
): Program {
  const { uid, env = {} } = options;
  const child = spawn(process.execPath, [file, ...args], {
    cwd: '/',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  }
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return { child, output: () => output, exited };
}

/** Waits until a program has said something; fails at once, with its output, when it ended before. */
export function said(program: Program, text: string | RegExp): Promise<string> {
  return eventually(() => {
    const output = program.output();
    if (typeof text === 'string' ? output.includes(text) : text.test(output)) return output;
    if (program.child.exitCode !== null) throw new Error(`ended without saying ${text}:\n${output}`);
    return undefined;
  }) as Promise<string>;
}

/** Path of a fixture. */
export function fixture(name: string): string {
  return join(__dirname, 'fixtures', name);
}
