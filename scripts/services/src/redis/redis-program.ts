import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { RedisService } from '../types';

/** A Redis that can be run. */
export interface RedisProgram {
  readonly source: RedisService['source'];
  readonly command: string;
  /** Libraries that the system lacks, for `LD_LIBRARY_PATH`. */
  readonly libraries?: string | undefined;
}

/** Finds a program on PATH. */
export function findOnPath(...names: readonly string[]): string | undefined {
  const directories = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
