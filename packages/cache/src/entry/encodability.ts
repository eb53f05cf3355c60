import { describeValue } from '@unite/shared';
import { hasHalfCharacters } from '../key/half-characters';

const plainPrototypes = new Set<unknown>(
  [
    Object,
    Array,
    Map,
    Set,
    Date,
    RegExp,
    Error,
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    EvalError,
    URIError,
  ]
    .map(({ prototype }) => prototype as unknown)
    .concat(null),
);

/** Whether a value can be turned into bytes and back. */
export interface Encodability {
  /** Where in the value something stands that would not come back as it was, in words. */
  readonly refusal: string | undefined;
  /** It contains -0, a field `__proto__` or half of a character, which MessagePack does not keep. */
  readonly isUnusual: boolean;
}

/** Looks through a value for functions, symbols and objects of a class, which would not come back as they were. */
export function encodabilityOf(value: unknown): Encodability {
  const seen = new Set<object>();
  let isUnusual = false;
  return { refusal: search(value, 'value'), isUnusual };

  function search(part: unknown, path: string): string | undefined {
    if (typeof part === 'function' || typeof part === 'symbol') return `${path} is ${describeValue(part)}`;
    if (Object.is(part, -0) || (typeof part === 'string' && hasHalfCharacters(part))) isUnusual = true;
    if (typeof part !== 'object' || part === null || seen.has(part)) return undefined;
    if (ArrayBuffer.isView(part) || part instanceof ArrayBuffer) return undefined;
    seen.add(part);
    if (!isPlain(part)) {
      return `${path} is an object of class ${(part as object).constructor?.name ?? 'without a name'}`;
    }
    if (part instanceof Error && Object.keys(part).length > 0)
      return `${path} is an error with fields of its own`;
    if (Array.isArray(part)) return searchAll(part, (index) => `${path}[${index}]`);
    if (part instanceof Map) {
      return (
        searchAll([...part.keys()], (index) => `${path}, key ${index}`) ??
        searchAll([...part.values()], (index) => `${path}, value ${index}`)
      );
    }
    if (part instanceof Set) return searchAll([...part], (index) => `${path}, item ${index}`);
    if (Object.hasOwn(part, '__proto__')) isUnusual = true;
    const names = Object.keys(part);
    return searchAll(Object.values(part), (index) => `${path}.${names[index]}`);
  }

  function searchAll(parts: readonly unknown[], pathOf: (index: number) => string): string | undefined {
    for (let index = 0; index < parts.length; index += 1) {
      const part = parts[index];
      // Paths are words, and most parts are fine.
      const found = isHarmless(part) ? undefined : search(part, pathOf(index));
      if (found) return found;
    }
    return undefined;
  }
}

function isPlain(part: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(part);
  // `Object.prototype` of another realm is none of ours.
  return (
    plainPrototypes.has(prototype) ||
    Array.isArray(part) ||
    Object.hasOwn(prototype as object, 'isPrototypeOf')
  );
}

function isHarmless(part: unknown): boolean {
  if (typeof part === 'string') return !hasHalfCharacters(part);
  return typeof part === 'boolean' || (typeof part === 'number' && part !== 0);
}
