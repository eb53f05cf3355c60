import { blankType, type RawMembers, type RawProblem } from './clean-problem';
import { clip } from './clip';
import { problemMark } from './errors';
import { isProblemStatus } from './status-phrase';

/** How many `cause`s are looked through below the error itself. */
const maxCauses = 3;

/** No class is derived so often; a proxy can pretend to be, without an end. */
const maxPrototypes = 32;

type MarkedMembers = RawMembers & { readonly type?: unknown; readonly status?: unknown };

/**
 * What the error, or one of its causes, says it answers with.
 *
 * @throws what a getter or a proxy throws; the caller guards
 */
export function markedProblem(error: unknown, depth = 0): RawProblem | undefined {
  if (Object(error) !== error || depth > maxCauses) return undefined;
  const value = error as { readonly [problemMark]?: MarkedMembers; readonly cause?: unknown };
  const members = isMarked(value) ? value[problemMark] : undefined;
  // Read once, so that what was checked is what is sent.
  const status = members?.status;
  return isProblemStatus(status)
    ? { type: clip(members?.type) ?? blankType, status, members }
    : markedProblem(value.cause, depth + 1);
}

/** Looks below `Object.prototype` of any realm: a mark there is pollution, and would speak for every error. */
function isMarked(value: object): boolean {
  let holder: object | null = value;
  for (let depth = 0; holder && depth < maxPrototypes; depth++) {
    const parent: object | null = Object.getPrototypeOf(holder);
    if (Object.hasOwn(holder, problemMark)) return parent !== null || holder === value;
    holder = parent;
  }
  return false;
}
