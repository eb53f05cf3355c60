import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ManualClock, manualClock } from '@unite/shared/testing';
import { createRunMarker, lostRunError, type RunMarker } from '../../src/capture';
import { processStart } from '../../src/capture/process-start';

let directory = '';
const started: RunMarker[] = [];

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'unite-runs-')), 'runs');
});
afterEach(async () => {
  for (const marker of started.splice(0)) await marker.close();
  jest.restoreAllMocks();
  await rm(join(directory, '..'), { recursive: true, force: true });
});

function start(
  given: { clock?: ManualClock; unsent?: (isKept: boolean) => number; name?: string } = {},
): RunMarker & { clock: ManualClock } {
  const { clock = manualClock(), unsent = () => 0, name = 'crm' } = given;
  const service = { name, release: 'r1', instanceId: 'i-1' };
  const marker = createRunMarker({ directory, service, clock, unsent });
  started.push(marker);
  marker.start();
  return { ...marker, clock };
}

const marks = async () => (await readdir(directory)).filter((file) => file.endsWith('.json'));
const markOf = async () => JSON.parse(readFileSync(join(directory, String((await marks())[0])), 'utf8'));

/** The mark of a run that is not this one. */
function leave(given: object = {}, file = 'run-1-00000000000000aa.json'): void {
  mkdirSync(directory, { recursive: true });
  const record = {
    version: 1,
    service: 'crm',
    host: hostname(),
    instanceId: 'i-0',
    processId: 2 ** 22 + 1,
    processStart: '7',
    startedAtMs: 1,
    seenAtMs: 2,
    unsentErrors: 3,
    release: 'r0',
  };
  writeFileSync(join(directory, file), JSON.stringify({ ...record, ...given }));
}

describe('a mark', () => {
  it('is readable by its owner alone, and gone when the run has closed', async () => {
    const marker = start();
    const [file] = await marks();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, String(file))).mode & 0o777).toBe(0o600);
    expect(await markOf()).toMatchObject({
      processId: process.pid,
      service: 'crm',
      release: 'r1',
      unsentErrors: 0,
    });
    expect(marker.lostRuns()).toEqual([]);
    await marker.close();
    await marker.close();
    marker.beat();
    marker.ended('exit 0');
    expect(await readdir(directory)).toEqual([]);
  });

  it('is renewed every five seconds, and when an error was captured', async () => {
    let unsent = 1;
    const marker = start({ unsent: () => unsent });
    await marker.clock.advance(5_000);
    await until(async () => (await markOf()).seenAtMs === 1_005_000);
    unsent = 2;
    for (const _ of Array.from({ length: 100 })) marker.beat();
    await until(async () => (await markOf()).unsentErrors === 2);
  });

  it('says at once what the run ended of, whatever is being written', async () => {
    const marker = start({ unsent: () => 1 });
    marker.beat();
    marker.ended('uncaught-exception');
    expect((await markOf()).reason).toBe('uncaught-exception');
    await until(async () => !(await readdir(directory)).some((file) => file.endsWith('.end.tmp')));
    await new Promise((resolve) => setImmediate(resolve));
    expect((await markOf()).reason).toBe('uncaught-exception');
  });

  it.each(['exit 0', 'exit 7', 'uncaught-exception'])(
    'is taken away with nothing unsent: %s',
    async (why) => {
      let unsent = 1;
      const marker = start({ unsent: (isKept) => (isKept ? unsent : 9) });
      marker.ended(why);
      expect((await markOf()).unsentErrors).toBe(1);
      unsent = 0;
      marker.ended(why);
      expect(await marks()).toEqual([]);
    },
  );

  it('stays where something is unsent', async () => {
    start({ unsent: () => 1 }).ended('exit 0');
    expect(await marks()).toHaveLength(1);
  });

  it('is left out with one warning where it cannot be written', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    writeFileSync(directory, 'a file');
    const marker = start();
    start();
    marker.beat();
    marker.ended('exit 1');
    expect(marker.lostRuns()).toEqual([]);
    await marker.close();
    expect(warned).toHaveBeenCalledTimes(1);
    expect(warned.mock.calls[0]?.[0]).toMatch(/"crash.directory" cannot be used \(E(?:EXIST|NOTDIR)\)/);
  });

  it('survives a directory that goes away', async () => {
    jest.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const marker = start();
    await rm(directory, { recursive: true });
    marker.beat();
    await marker.close();
    expect(existsSync(directory)).toBe(false);
  });
});

describe('a lost run', () => {
  it('is told once, to one alone', () => {
    leave();
    const markers = [start(), start(), start()];
    const lost = markers.flatMap((marker) => marker.lostRuns());
    expect(lost).toEqual([
      {
        instanceId: 'i-0',
        processId: 2 ** 22 + 1,
        startedAtMs: 1,
        seenAtMs: 2,
        release: 'r0',
        unsentErrors: 3,
        reason: undefined,
      },
    ]);
    expect(existsSync(join(directory, 'run-1-00000000000000aa.json'))).toBe(false);
  });

  it('is none that could say what it ended of, with nothing unsent', () => {
    leave({ reason: 'uncaught-exception', unsentErrors: 0 });
    expect(start().lostRuns()).toEqual([]);
    expect(existsSync(join(directory, 'run-1-00000000000000aa.json'))).toBe(false);
  });

  it('leaves no half of a mark for ever', async () => {
    const dead = 2 ** 22 + 1;
    leave({}, 'run-7-00000000000000aa.json.tmp');
    leave({}, 'run-7-00000000000000aa.json.claimed');
    leave(
      { processId: process.pid, processStart: processStart(process.pid) },
      'run-7-00000000000000ab.json.tmp',
    );
    writeFileSync(join(directory, `run-${dead}-00000000000000aa.json.end.tmp`), '{');
    writeFileSync(join(directory, `run-${process.pid}-00000000000000aa.json.tmp`), '{');
    mkdirSync(join(directory, `run-${dead}-00000000000000ac.json.tmp`));
    expect(start().lostRuns()).toEqual([]);
    expect((await readdir(directory)).filter((file) => !file.endsWith('.json')).sort()).toEqual(
      [
        'run-7-00000000000000ab.json.tmp',
        `run-${process.pid}-00000000000000aa.json.tmp`,
        `run-${dead}-00000000000000ac.json.tmp`,
      ].sort(),
    );
  });

  it('is not told by who cannot take its mark', () => {
    leave();
    mkdirSync(join(directory, 'run-1-00000000000000aa.json.claimed/held'), { recursive: true });
    expect(start().lostRuns()).toEqual([]);
  });

  it('is one whose process id another process has got', () => {
    leave({ processId: process.pid, processStart: '7' });
    expect(start().lostRuns()).toHaveLength(1);
  });

  it('is not one whose process lives, nor one of another service', () => {
    leave({ processId: process.pid, processStart: processStart(process.pid) });
    leave({ service: 'shop' }, 'run-2-00000000000000aa.json');
    expect(start().lostRuns()).toEqual([]);
  });

  it('of another host, or of a process that tells no start, is known by its silence', () => {
    leave({ host: 'elsewhere', seenAtMs: 999_000 });
    leave(
      { processId: process.pid, processStart: undefined, seenAtMs: 999_000 },
      'run-2-00000000000000aa.json',
    );
    const marker = start();
    expect(marker.lostRuns()).toEqual([]);
    leave({ host: 'elsewhere', seenAtMs: 939_000 });
    expect(marker.lostRuns()).toHaveLength(1);
  });

  it('is not taken from files that are no marks', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    leave({ unsentErrors: -1 }, 'run-1-00000000000000ab.json');
    leave({}, 'notes.json');
    for (const [index, text] of ['{', 'null', '[]', 'x'.repeat(70_000)].entries()) {
      writeFileSync(join(directory, `run-${index}-00000000000000ac.json`), text);
    }
    mkdirSync(join(directory, 'run-9-00000000000000ad.json'));
    writeFileSync(join(directory, 'target'), readFileSync(join(directory, 'notes.json')));
    symlinkSync(join(directory, 'target'), join(directory, 'run-9-00000000000000ae.json'));
    const before = await readdir(directory);
    const marker = start();
    expect(marker.lostRuns()).toEqual([]);
    expect(await readdir(directory)).toEqual(expect.arrayContaining(before));
    expect(warned.mock.calls[0]?.[0]).toContain('7 cannot be read');
  });

  it('is an error without a stack', () => {
    leave({ reason: 'exit 3' });
    const [run] = start().lostRuns();
    expect(run && String(lostRunError(run))).toBe(
      'LostRun: A run ended without closing (exit 3); lost with it: 3 unsent errors',
    );
    expect(run && lostRunError(run).stack).toBeUndefined();
    expect(run && lostRunError({ ...run, reason: undefined, unsentErrors: 0 }).message).toBe(
      'A run ended without closing (no word: killed, out of memory, or without power); lost with it: nothing that is known',
    );
  });
});

describe('processStart', () => {
  it('knows who runs, who is gone, and who is only waiting for its parent', async () => {
    expect(processStart(process.pid)).toMatch(/^\d+$/);
    expect(processStart(2 ** 22 + 1)).toBe('gone');
    // The shell replaces itself by a program that never asks for its child.
    const parent = spawn('sh', ['-c', 'sh -c "exit 0" & echo $!; exec sleep 30']);
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    await until(async () => processStart(Number(output.toString())) === 'gone');
    parent.kill('SIGKILL');
  });

  it('does without /proc on other systems', () => {
    const { platform } = process;
    Object.defineProperty(process, 'platform', { value: 'darwin' });
    try {
      expect(processStart(process.pid)).toBeUndefined();
      expect(processStart(2 ** 22 + 1)).toBe('gone');
      jest.spyOn(process, 'kill').mockImplementation(() => {
        throw Object.assign(new Error('not permitted'), { code: 'EPERM' });
      });
      expect(processStart(1)).toBeUndefined();
    } finally {
      Object.defineProperty(process, 'platform', { value: platform });
    }
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
