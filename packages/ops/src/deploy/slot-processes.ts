import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessId } from './process-id';

/** Who runs in which slot, between one deployment and the next: a file, since the processes outlive both. */
export class SlotProcesses {
  readonly #directory: string;
  readonly #file: string;

  constructor(stateDirectory: string, backend: string) {
    this.#directory = stateDirectory;
    this.#file = join(stateDirectory, `${backend}.json`);
  }

  of(slot: string): ProcessId | undefined {
    return this.#read()[slot];
  }

  set(slot: string, id: ProcessId | undefined): void {
    const { [slot]: _, ...others } = this.#read();
    mkdirSync(this.#directory, { recursive: true });
    const written = `${this.#file}.${process.pid}`;
    writeFileSync(written, `${JSON.stringify(id ? { ...others, [slot]: id } : others)}\n`);
    renameSync(written, this.#file);
  }

  /** Where what the process says is kept, until the slot's next one. */
  logOf(slot: string): string {
    mkdirSync(this.#directory, { recursive: true });
    return `${this.#file.slice(0, -'.json'.length)}-${slot}.log`;
  }

  /** What cannot be read is as good as nothing: the slots are found out from the proxy. */
  #read(): Readonly<Record<string, ProcessId>> {
    try {
      const state = JSON.parse(readFileSync(this.#file, 'utf8'));
      const entries = Object.entries(Object(state)).filter((entry): entry is [string, ProcessId] =>
        isId(entry[1]),
      );
      return Object.fromEntries(entries);
    } catch {
      return {};
    }
  }
}

function isId(value: unknown): value is ProcessId {
  const { pid } = Object(value);
  // 0 and below would be groups of processes.
  return Number.isInteger(pid) && pid > 1;
}
