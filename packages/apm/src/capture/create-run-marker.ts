import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@unite/core';
import { warnOnce } from '@unite/shared';
import type { Service } from '../sink-types';
import type { LostRun } from './capture-types';
import { findLostRuns } from './find-lost-runs';
import { processStart } from './process-start';
import type { RunRecord } from './run-record';

/** What `createRunMarker` is made with. */
export interface RunMarkerOptions {
  /** Used by the processes of one service on one machine. */
  readonly directory: string;
  readonly service: Service;
  /** Whose waits keep no process alive. */
  readonly clock: Clock;
  /**
   * Errors that were captured and not sent.
   *
   * @param isKept whether sinks have just kept on disk what they can keep: then without those
   */
  readonly unsent: (isKept: boolean) => number;
}

/** The mark of a run, by which the next one can tell that it was lost. */
export interface RunMarker {
  /** Makes the directory, leaves the mark, and renews it every five seconds. */
  start(): void;
  /** Runs of this service that left theirs: to one caller alone, once. */
  lostRuns(): readonly LostRun[];
  /** Renews it soon, without waiting: an error was captured. */
  beat(): void;
  /**
   * Writes at once what the process ends of, and what is unsent by now. A run that can say it and has nothing unsent is not
   * lost: its mark goes.
   */
  ended(reason: string): void;
  /** Takes it away. Never rejects. */
  close(): Promise<void>;
}

const beatMs = 5_000;
const fileMode = 0o600;
const directoryMode = 0o700;

/**
 * Leaves a file in a directory for as long as a process runs. Where that cannot be written, it warns once, and does
 * nothing more.
 */
export function createRunMarker(options: RunMarkerOptions): RunMarker {
  const { directory, service, clock } = options;
  const path = join(directory, `run-${process.pid}-${randomBytes(8).toString('hex')}.json`);
  const identity = {
    version: 1,
    service: service.name,
    host: hostname(),
    instanceId: service.instanceId ?? randomUUID(),
    processId: process.pid,
    processStart: processStart(process.pid),
    startedAtMs: clock.wallMs(),
    release: service.release,
  } as const;
  const ending = new AbortController();
  let isRunning = false;
  let reason: string | undefined;
  /** The write that is under way, and whether another is to follow it. */
  let writing: Promise<void> | undefined;
  let isDue = false;

  return {
    start() {
      isRunning = attempt(() => {
        mkdirSync(directory, { recursive: true, mode: directoryMode });
        writeNow();
      });
      if (isRunning) void keepBeating();
    },
    lostRuns: () => findLostRuns(directory, service.name, clock.wallMs()),
    beat,
    ended(why) {
      if (!isRunning) return;
      reason = why;
      attempt(options.unsent(true) === 0 ? remove : writeNow);
    },
    async close() {
      if (!isRunning) return;
      isRunning = false;
      ending.abort();
      await writing;
      attempt(remove);
    },
  };

  function record(): string {
    const unsentErrors = options.unsent(reason !== undefined);
    const now: RunRecord = { ...identity, seenAtMs: clock.wallMs(), unsentErrors, reason };
    return JSON.stringify(now);
  }

  function remove(): void {
    for (const file of [path, `${path}.tmp`]) rmSync(file, { force: true });
  }

  /** Under a name of its own, so that a write that is under way does not mix with it. */
  function writeNow(): void {
    const temporary = `${path}.end.tmp`;
    writeFileSync(temporary, record(), { mode: fileMode });
    renameSync(temporary, path);
  }

  function beat(): void {
    if (!isRunning) return;
    isDue = true;
    writing ??= writeWhileDue().finally(() => {
      writing = undefined;
    });
  }

  async function writeWhileDue(): Promise<void> {
    while (isDue && isRunning) {
      isDue = false;
      try {
        const before = reason;
        await writeFile(`${path}.tmp`, record(), { mode: fileMode });
        // The word of how it ended is not to be written over by one from before; so this does not wait, either.
        if (isRunning && reason === before) renameSync(`${path}.tmp`, path);
      } catch (error) {
        warnOfDirectory(error);
      }
    }
  }

  async function keepBeating(): Promise<void> {
    while (isRunning) {
      await clock.sleep(beatMs, ending.signal).catch(() => undefined);
      beat();
    }
  }

  function attempt(write: () => void): boolean {
    try {
      write();
      return true;
    } catch (error) {
      warnOfDirectory(error);
      return false;
    }
  }

  function warnOfDirectory(error: unknown): void {
    warnOnce(
      'UNITE_APM_MARKER_UNWRITABLE',
      `The option "crash.directory" cannot be used (${(error as NodeJS.ErrnoException).code}): ` +
        `a run that is lost is not told from ${directory}`,
    );
  }
}
