import { readdirSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { warnOnce } from '@unite/shared';
import type { LostRun } from './capture-types';
import { processStart } from './process-start';
import { type RunRecord, readRunRecord } from './run-record';

/** How the file of a run is named. */
const runFileName = /^run-\d{1,10}-[0-9a-f]{16}\.json$/;

/** What a run that was killed while it wrote leaves beside its file, or who was killed while it took one away. */
const leftoverName = /^run-(\d{1,10})-[0-9a-f]{16}\.json(?:\.end)?\.(?:tmp|claimed)$/;

/** A run that cannot be asked for, of another host, is over when it was not seen for this long. */
const silentMs = 60_000;

const maxFiles = 10_000;

/**
 * The runs of a service whose processes are gone and that left their marker, each to one caller alone, which takes the
 * marker away, and what else such processes left. A run that could say what it ended of, with nothing unsent, is not lost.
 * What is no marker stays where it is.
 */
export function findLostRuns(directory: string, service: string, nowMs: number): readonly LostRun[] {
  const lost: LostRun[] = [];
  let unreadable = 0;
  removeLeftovers(directory, nowMs);
  for (const name of filesNamed(runFileName, directory)) {
    const path = join(directory, name);
    const record = readRunRecord(path);
    if (!record) unreadable += 1;
    else if (record.service === service && isOver(record, nowMs) && claim(path) && isLost(record))
      lost.push(lostRunOf(record));
  }
  if (unreadable > 0) {
    warnOnce(
      'UNITE_APM_RUN_MARKERS_UNREADABLE',
      `Of the markers of runs in ${directory}, ${unreadable} cannot be read: what became of those runs is not known`,
    );
  }
  return lost;
}

function removeLeftovers(directory: string, nowMs: number): void {
  for (const name of filesNamed(leftoverName, directory)) {
    const path = join(directory, name);
    const record = readRunRecord(path);
    const isLeft = record ? isOver(record, nowMs) : processStart(ownerOf(name)) === 'gone';
    if (isLeft) remove(path);
  }
}

function ownerOf(name: string): number {
  return Number(leftoverName.exec(name)?.[1]);
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is no file, or belongs to somebody else.
  }
}

function filesNamed(pattern: RegExp, directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => pattern.test(name))
      .slice(0, maxFiles);
  } catch {
    return [];
  }
}

function isOver(record: RunRecord, nowMs: number): boolean {
  const isSilent = nowMs - record.seenAtMs > silentMs;
  if (record.host !== hostname()) return isSilent;
  const start = processStart(record.processId);
  if (start === 'gone') return true;
  // Another process may have got its id.
  return start === undefined || record.processStart === undefined ? isSilent : start !== record.processStart;
}

function isLost({ reason, unsentErrors }: RunRecord): boolean {
  return reason === undefined || unsentErrors > 0;
}

/** Of several who rename a file, one succeeds. */
function claim(path: string): boolean {
  const claimed = `${path}.claimed`;
  try {
    renameSync(path, claimed);
    for (const left of [claimed, `${path}.tmp`, `${path}.end.tmp`]) rmSync(left, { force: true });
    return true;
  } catch {
    return false;
  }
}

function lostRunOf(record: RunRecord): LostRun {
  const { instanceId, processId, startedAtMs, seenAtMs, release, unsentErrors, reason } = record;
  return { instanceId, processId, startedAtMs, seenAtMs, release, unsentErrors, reason };
}
