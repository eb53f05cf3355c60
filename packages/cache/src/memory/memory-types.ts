import type { Name } from '../log/names';

/** A value in memory. */
export interface MemoryEntry<Value = unknown> {
  readonly value: Value;
  /** The same, resolved: a read hands it out without making another. */
  readonly promise: Promise<Value>;
  /** Position of the log that the value is not older than. */
  readonly stamp: number;
  /** The log's generation in which it was kept. */
  readonly generation: number;
  /** What it hangs on; held until it leaves. */
  readonly names: Name[];
  readonly tags: readonly string[];
  /** When its load began, by the wall clock, in milliseconds. */
  readonly loadedAtMs: number;
  /** When it was last known to be current of its own accord, monotonic: its load, or the remote layer's answer. */
  readonly confirmedAtMs: number;
  /** Until when it may be served, monotonic. */
  readonly freshUntilMs: number;
  /** What its load took, in milliseconds. */
  readonly loadMs: number;
  readonly bytes: number;
  /** The log's tick at which its names were last looked at. */
  checkedTick: number;
}
