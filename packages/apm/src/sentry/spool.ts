import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnvelope } from '@sentry/core';
import { globalSlot, warnOnce } from '@unite/shared';
import type { EnvelopeCategory } from './envelope-queue';
import { randomId } from './random-id';

/** An envelope on disk. */
export interface SpooledFile {
  readonly name: string;
  readonly id: string;
  readonly category: EnvelopeCategory;
  readonly keptAtMs: number;
}

const maxFiles = 1_000;
const maxBytes = 20 * 2 ** 20;

/** `1732622000000-<id>-error.<process id>-<run>.envelope`: the oldest sorts first, and the owner is in its name. */
const namePattern =
  /^(\d{13})-([\da-f]{32})-(error|feedback|session|replay)\.(\d{1,10})-([\da-f]{32})\.envelope(\.part)?$/;

/**
 * Envelopes that wait on disk for the next run. A file is written beside its place and renamed, is readable by its owner
 * alone, and says who owns it: a run that starts takes over what runs left that are dead. Never throws.
 */
export class Spool {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Takes over what dead runs left, oldest first. @returns what can be sent, and how many files were damaged */
  claim(): { readonly files: readonly SpooledFile[]; readonly damaged: number } {
    const files: SpooledFile[] = [];
    let damaged = 0;
    this.#attempt(() => mkdirSync(this.#directory, { recursive: true, mode: 0o700 }));
    for (const name of this.#names()) {
      const parts = namePattern.exec(name);
      if (parts && isAlive(Number(parts[4]), parts[5])) continue;
      if (parts && parts[6] === undefined) {
        const file = fileOf(Number(parts[1]), parts[2] ?? '', parts[3] as EnvelopeCategory);
        // Of two that start together one is first.
        if (this.#rename(name, file.name)) files.push(file);
      } else if (this.remove(name)) damaged += 1;
    }
    return { files, damaged };
  }

  /** What a file holds, with the time at which it is sent; `undefined` for a damaged one. */
  read(name: string, sentAtMs: number): Uint8Array | undefined {
    try {
      const bytes = readFileSync(join(this.#directory, name));
      const [header] = parseEnvelope(bytes);
      // A receiver takes the difference to its own time for that of a clock that is wrong, and moves the event by it.
      const sent = JSON.stringify({ ...header, sent_at: new Date(sentAtMs).toISOString() });
      return Buffer.concat([Buffer.from(sent), bytes.subarray(bytes.indexOf(10))]);
    } catch {
      return undefined;
    }
  }

  /** Keeps envelopes. @returns the file of each, `undefined` where the disk did not take it */
  keep(
    envelopes: readonly {
      readonly id: string;
      readonly category: EnvelopeCategory;
      readonly bytes: Uint8Array;
    }[],
    keptAtMs: number,
  ): (SpooledFile | undefined)[] {
    return envelopes.map(({ id, category, bytes }) => {
      const file = fileOf(keptAtMs, id, category);
      const part = `${file.name}.part`;
      const isKept = this.#attempt(() => {
        writeFileSync(join(this.#directory, part), bytes, { mode: 0o600 });
        renameSync(join(this.#directory, part), join(this.#directory, file.name));
      });
      return isKept ? file : undefined;
    });
  }

  /** Removes the oldest of what is over the bounds. @returns names of what is gone */
  trim(): string[] {
    const gone: string[] = [];
    let bytes = 0;
    for (const [index, name] of this.#names().reverse().entries()) {
      bytes += this.#sizeOf(name);
      if ((index >= maxFiles || bytes > maxBytes) && this.remove(name)) gone.push(name);
    }
    return gone;
  }

  /** @returns whether it was there */
  remove(name: string): boolean {
    try {
      rmSync(join(this.#directory, name));
      return true;
    } catch {
      return false;
    }
  }

  #names(): string[] {
    try {
      return readdirSync(this.#directory)
        .filter((name) => /\.envelope(?:\.part)?$/.test(name))
        .sort();
    } catch {
      return [];
    }
  }

  #sizeOf(name: string): number {
    // Another run may have sent it meanwhile.
    return statSync(join(this.#directory, name), { throwIfNoEntry: false })?.size ?? 0;
  }

  #rename(from: string, to: string): boolean {
    try {
      renameSync(join(this.#directory, from), join(this.#directory, to));
      return true;
    } catch {
      return false;
    }
  }

  #attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      warnOnce(
        'UNITE_APM_SPOOL_FAILED',
        `Events could not be kept in the directory for crashes (${String(Object(error).code)}): what waits when the process ends is lost`,
      );
      return false;
    }
  }
}

function fileOf(keptAtMs: number, id: string, category: EnvelopeCategory): SpooledFile {
  const at = String(Math.trunc(keptAtMs)).padStart(13, '0');
  return { name: `${at}-${id}-${category}.${process.pid}-${thisRun().id}.envelope`, id, category, keptAtMs };
}

/** One for each process, whatever the number of module copies in it. */
function thisRun(): { readonly id: string } {
  return globalSlot(Symbol.for('unite.apm.run.1'), () => ({ id: randomId() }));
}

function isAlive(processId: number, run: string | undefined): boolean {
  // An earlier process may have had this very id, as the first of a container always has.
  if (processId === process.pid) return run === thisRun().id;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return Object(error).code === 'EPERM';
  }
}
