import { globalSlot } from '@unite/shared';
import type { Tracing } from './types';

/** The one set-up of this process, shared between module copies. */
export function runningTracing(): { current: Tracing | undefined } {
  return globalSlot(Symbol.for('unite.tracing.running.1'), () => ({
    current: undefined as Tracing | undefined,
  }));
}
