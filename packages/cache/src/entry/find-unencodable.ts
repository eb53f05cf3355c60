import { describeValue } from '@unite/shared';

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

/**
 * Where in a value something stands that would not come back as it was: a function, a symbol, an object of a class.
 *
 * @returns in words, or nothing where all of it can be encoded
 */
export function findUnencodable(value: unknown): string | undefined {
  const seen = new Set<object>();
  return search(value, 'value');

  function search(part: unknown, path: string): string | undefined {
    if (typeof part === 'function' || typeof part === 'symbol') return `${path} is ${describeValue(part)}`;
    if (typeof part !== 'object' || part === null || seen.has(part)) return undefined;
    if (ArrayBuffer.isView(part) || part instanceof ArrayBuffer) return undefined;
    seen.add(part);
    if (!plainPrototypes.has(Object.getPrototypeOf(part))) {
      return `${path} is an object of class ${(part as object).constructor?.name ?? 'without a name'}`;
    }
    if (Array.isArray(part)) return firstOf(part.entries(), (index) => `${path}[${index}]`);
    if (part instanceof Map) return inMap(part, path);
    if (part instanceof Set) return firstOf([...part].entries(), (index) => `${path}, item ${index}`);
    if (Object.hasOwn(part, '__proto__')) return `${path} has a field named __proto__`;
    return firstOf(Object.entries(part), (name) => `${path}.${name}`);
  }

  function inMap(map: Map<unknown, unknown>, path: string): string | undefined {
    return (
      firstOf([...map.keys()].entries(), (index) => `${path}, key ${index}`) ??
      firstOf([...map.values()].entries(), (index) => `${path}, value ${index}`)
    );
  }

  function firstOf<Key>(parts: Iterable<[Key, unknown]>, pathOf: (key: Key) => string): string | undefined {
    for (const [key, part] of parts) {
      if (typeof part !== 'object' && typeof part !== 'function' && typeof part !== 'symbol') continue;
      const found = search(part, pathOf(key));
      if (found) return found;
    }
    return undefined;
  }
}
