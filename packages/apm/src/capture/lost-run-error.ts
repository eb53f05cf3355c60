import type { LostRun } from './capture-types';
import { exitError } from './exit-error';

/** A lost run as an error to capture, of kind `lost-run`. It has no stack: nothing in this process led to it. */
export function lostRunError(run: LostRun): Error {
  const why = run.reason ?? 'no word: killed, out of memory, or without power';
  const lost = run.unsentErrors === 0 ? 'nothing that is known' : `${run.unsentErrors} unsent errors`;
  return exitError('LostRun', `A run ended without closing (${why}); lost with it: ${lost}`);
}
