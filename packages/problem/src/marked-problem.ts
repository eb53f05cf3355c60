import type { RawProblem } from './clean-problem';
import { contentOf } from './errors';
import { isProblemStatus } from './status-phrase';

const problemMark = Symbol.for('unite.problem');

/** How many `cause`s are looked through below the error itself. */
const maxCauses = 3;

/** What the error, or one of its causes, says it answers with. Never throws, whatever was thrown. */
export function markedProblem(error: unknown): RawProblem | undefined {
  let value = error;
  for (let depth = 0; depth <= maxCauses && isObject(value); depth++) {
    const problem = contentOf(value) ?? readMark(value);
    if (problem) return problem;
    value = readProperty(value, 'cause');
  }
  return undefined;
}

function readMark(value: object): RawProblem | undefined {
  try {
    if (!hasMark(value)) return undefined;
    const source = (value as { [problemMark]?: unknown })[problemMark];
    if (!isObject(source)) return undefined;
    const { type, status, title, detail, instance, headers, extensions } = source as Partial<RawProblem>;
    if (!isProblemStatus(status)) return undefined;
    return {
      type: typeof type === 'string' ? type : 'about:blank',
      status,
      title,
      detail,
      instance,
      headers: isObject(headers) ? { ...headers } : undefined,
      extensions: isObject(extensions) ? { ...extensions } : undefined,
    };
  } catch {
    return undefined;
  }
}

/** Looks below `Object.prototype` of any realm: a mark there is pollution, and would speak for every error. */
function hasMark(value: object): boolean {
  let holder = value;
  for (let depth = 0; depth < 32; depth++) {
    const parent: object | null = Object.getPrototypeOf(holder);
    if (parent === null && holder !== value) return false;
    if (Object.hasOwn(holder, problemMark)) return true;
    if (parent === null) return false;
    holder = parent;
  }
  return false;
}

/** A property of something hostile: getters and proxy traps may throw. */
export function readProperty(value: unknown, name: string): unknown {
  try {
    return isObject(value) ? (value as Record<string, unknown>)[name] : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
