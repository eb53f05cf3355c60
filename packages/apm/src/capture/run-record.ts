import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { LostRun } from './capture-types';

/** What a marker says. */
export interface RunRecord extends LostRun {
  readonly version: 1;
  readonly service: string;
  /** Of `processStart`. */
  readonly processStart: string | undefined;
  readonly host: string;
}

const maxBytes = 65_536;

/** Reads a marker; `undefined` where the file is none. Links are not followed, pipes are not waited for. */
export function readRunRecord(path: string): RunRecord | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > maxBytes) return undefined;
    const record: unknown = JSON.parse(readFileSync(descriptor, 'utf8'));
    return isRunRecord(record) ? record : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNone = (value: unknown): boolean => value === undefined || isText(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

const checks: Readonly<Record<keyof RunRecord, (value: unknown) => boolean>> = {
  version: (value) => value === 1,
  service: isText,
  host: isText,
  instanceId: isText,
  processId: isCount,
  processStart: isTextOrNone,
  startedAtMs: Number.isFinite,
  seenAtMs: Number.isFinite,
  unsentErrors: isCount,
  release: isTextOrNone,
  reason: isTextOrNone,
};

function isRunRecord(value: unknown): value is RunRecord {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(checks).every(([key, holds]) => holds((value as Record<string, unknown>)[key]));
}
