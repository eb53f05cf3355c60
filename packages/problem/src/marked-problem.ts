import { blankType, type RawProblem } from './clean-problem';
import { problemMark } from './errors';
import { isProblemStatus } from './status-phrase';

/** How many `cause`s are looked through below the error itself. */
const maxCauses = 3;

type Marked = { readonly [problemMark]?: Partial<RawProblem>; readonly cause?: unknown } | null | undefined;

/**
 * What the error, or one of its causes, says it answers with.
 *
 * @throws what a getter or a proxy throws; the caller guards
 */
export function markedProblem(error: unknown, depth = 0): RawProblem | undefined {
  const value = Object(error) === error ? (error as Marked) : undefined;
  if (!value || depth > maxCauses) return undefined;
  const source = isMarked(value) ? value[problemMark] : undefined;
  if (!isProblemStatus(source?.status)) return markedProblem(value.cause, depth + 1);
  const { type, status, title, detail, instance, headers, extensions } = source;
  return {
    type: typeof type === 'string' ? type : blankType,
    status,
    title,
    detail,
    instance,
    headers,
    extensions,
  };
}

/** Looks below `Object.prototype` of any realm: a mark there is pollution, and would speak for every error. */
function isMarked(value: object): boolean {
  let holder = value;
  for (let depth = 0; depth < 32; depth++) {
    const parent: object | null = Object.getPrototypeOf(holder);
    if (Object.hasOwn(holder, problemMark)) return parent !== null || holder === value;
    if (!parent) return false;
    holder = parent;
  }
  return false;
}
