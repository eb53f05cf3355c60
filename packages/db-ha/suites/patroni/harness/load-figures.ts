import type { PatroniMember } from './patroni-member';
import type { Load, ReadEntry } from './start-load';

/** When a member first acknowledged a write, on the monotonic clock. */
export function firstWriteAtMs(load: Load, member: PatroniMember): number {
  return load.acknowledgedBy(member.port)[0]?.endedAtMs ?? Number.NaN;
}

/** How many writes a member took of those that began after an instant. */
export function writesBegunAfter(load: Load, member: PatroniMember, atMs: number): number {
  return load.acknowledgedBy(member.port).filter(({ startedAtMs }) => startedAtMs > atMs).length;
}

/** How long the slowest read of a kind took, in milliseconds. */
export function slowestReadMs(load: Load, consistency: ReadEntry['consistency']): number {
  return Math.max(
    0,
    ...load.reads.filter((read) => read.consistency === consistency).map(({ tookMs }) => tookMs),
  );
}

/** What every test prints of its load. */
export function figuresOf(load: Load) {
  return {
    reads: load.reads.length,
    failedReads: load.failedReads.length,
    staleReads: load.staleReads,
    slowestReadMs: slowestReadMs(load, 'eventual'),
    slowestReadOfOwnWriteMs: slowestReadMs(load, 'session'),
  };
}
