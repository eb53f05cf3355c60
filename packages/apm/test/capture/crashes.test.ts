import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import type { ErrorEvent } from '../../src';

const program = join(__dirname, 'crash-program.mjs');
let root = '';
let bundle = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'unite-crashes-'));
  const outfile = join(root, 'capture.mjs');
  const entryPoints = [join(__dirname, '../../src/capture/index.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm' });
  bundle = pathToFileURL(outfile).href;
});

afterAll(() => rm(root, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
}

/** Runs the program to its end in a directory, four of which may run at once. */
function fail(failure: string, directory: string, { flushMs = 2_000, flags = [] as string[] } = {}) {
  return new Promise<Ended>((resolve) => {
    const args = [...flags, program, failure, bundle, directory, String(flushMs)];
    const child = execFile(process.execPath, args, { timeout: 30_000 }, (_, __, output) =>
      resolve({ code: child.exitCode, signal: child.signalCode, output }),
    );
  });
}

async function receivedIn(directory: string): Promise<readonly ErrorEvent[]> {
  const text = await readFile(join(directory, 'received.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ErrorEvent);
}

type Told = readonly (readonly [kind: string, level: string, message: unknown])[];

const failures: Readonly<Record<string, readonly [Told, Partial<Ended>, isLost?: boolean]>> = {
  timer: [[['uncaught-exception', 'fatal', 'timer']], { code: 1 }],
  rejection: [[['unhandled-rejection', 'fatal', 'rejection']], { code: 1 }],
  text: [[['uncaught-exception', 'fatal', 'only a text']], { code: 1 }],
  survivedRejection: [[['unhandled-rejection', 'error', 'survived rejection']], { code: 0 }],
  survivedException: [[['uncaught-exception', 'error', 'survived exception']], { code: 0 }],
  exitByListener: [[['uncaught-exception', 'error', 'exit by listener']], { code: 7 }],
  exit: [[['captured', 'error', 'before the exit']], { code: 3 }],
  end: [[['captured', 'error', 'before the end']], { code: 0 }],
  worker: [[['worker', 'error', 'in the worker']], { code: 0 }],
  workerRejection: [[['worker', 'error', 'rejected in the worker']], { code: 0 }],
  workerExit: [[['worker', 'error', 'A worker thread exited with code 5']], { code: 0 }],
  workerMemory: [[['worker', 'error', expect.stringContaining('memory')]], { code: 0 }],
  unheardWorker: [[['worker', 'error', 'unheard worker']], { code: 1 }],
  child: [[['child-process', 'error', 'A child process ended with code 3']], { code: 0 }],
  killedChild: [[['child-process', 'error', 'A child process ended by SIGKILL']], { code: 0 }],
  missingChild: [[['child-process', 'error', expect.stringContaining('ENOENT')]], { code: 0 }],
  signal: [[['shutdown', 'fatal', 'during SIGTERM']], { code: 1 }],
  twice: [
    [
      ['uncaught-exception', 'fatal', 'first'],
      ['uncaught-exception', 'fatal', 'second'],
      ['unhandled-rejection', 'fatal', 'third'],
    ],
    { code: 1 },
  ],
  exitThrows: [[['uncaught-exception', 'fatal', 'in the exit']], { code: 1 }],
  exitWithCodeThrows: [[['uncaught-exception', 'fatal', 'in the exit']], { code: 5 }],
  diesAndExitThrows: [
    [
      ['uncaught-exception', 'fatal', 'first'],
      ['uncaught-exception', 'fatal', 'in the exit'],
    ],
    { code: 1 },
  ],
  heardExitThrows: [[['uncaught-exception', 'error', 'in the exit']], { code: 0 }],
  withWorker: [[['captured', 'error', 'heard: within the worker']], { code: 0 }],
  // In the worker that the last one starts.
  withinWorker: [[['uncaught-exception', 'fatal', 'within the worker']], {}],
  kill: [[], { signal: 'SIGKILL' }, true],
  abort: [[], { signal: 'SIGABRT' }, true],
  memory: [[], { signal: 'SIGABRT' }, true],
};

describe('every failure, over four processes at a time', () => {
  const ended = new Map<string, Ended>();
  let events: readonly ErrorEvent[] = [];

  beforeAll(async () => {
    const directory = join(root, 'all');
    await mkdir(directory);
    const left = Object.keys(failures).filter((failure) => failure !== 'withinWorker');
    const failInTurn = async (): Promise<void> => {
      for (let failure = left.pop(); failure; failure = left.pop()) {
        const flags = failure === 'memory' ? ['--max-old-space-size=24'] : [];
        ended.set(failure, await fail(failure, directory, { flags }));
      }
    };
    await Promise.all(Array.from({ length: 4 }, failInTurn));
    // Several that start together tell what became of those before.
    await Promise.all(['none', 'none', 'none'].map((failure) => fail(failure, directory)));
    events = await receivedIn(directory);
  });

  it.each(Object.entries(failures))('is received once, or named: %s', (failure, [told, end, isLost]) => {
    const received = events.filter(({ service }) => service.instanceId === failure);
    expect(
      received.map(({ kind, level, exceptions }) => [kind, level, exceptions[0].message]).sort(),
    ).toEqual(told);
    expect(ended.get(failure) ?? {}).toMatchObject(end);
    const named = events.filter(({ kind, extra }) => kind === 'lost-run' && extra.instanceId === failure);
    const unsentErrors = failure === 'kill' ? 1 : 0;
    expect(named.map(({ extra }) => [extra.release, extra.unsentErrors, extra.reason])).toEqual(
      isLost ? [['r1', unsentErrors, undefined]] : [],
    );
  });

  it('is printed as by Node.js', () => {
    expect(ended.get('timer')?.output).toMatch(/Error: timer\n {4}at fail /);
    expect(ended.get('timer')?.output).toContain(`Node.js ${process.version}`);
    expect(ended.get('text')?.output).toContain("Uncaught:\n'only a text'");
  });

  it('leaves no other event', () => {
    const known = [...Object.keys(failures), 'none'];
    expect(events.filter(({ service }) => !known.includes(String(service.instanceId)))).toEqual([]);
  });
});

it('is received where Node.js itself ends the process, at once', async () => {
  const directory = join(root, 'at-once');
  await mkdir(directory);
  const { code, output } = await fail('timer', directory, { flushMs: 0 });
  expect((await receivedIn(directory)).map(({ exceptions }) => exceptions[0].message)).toEqual(['timer']);
  expect(code).toBe(1);
  expect(output).toContain('throw new Error(message);\n  ^');
});
