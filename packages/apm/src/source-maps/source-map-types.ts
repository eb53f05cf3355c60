import type { StackFrame } from '../capture/capture-types';

/** Finds the original place of a line of a stack. */
export interface SourceMaps {
  /** The same frame where nothing is known. Does not wait, never throws; what it keeps in memory is bounded. */
  resolve(frame: StackFrame): StackFrame;
}
