/** What the description of an error reads. */
const fields = ['name', 'message', 'stack', 'code', 'cause', 'severity', 'sqlState', 'constructor'];

/**
 * A value as an error, `undefined` where it is none. Errors of other realms (`node:vm`, the edge runtime of Next.js) and
 * what only looks like one, such as a `DOMException` of another realm, are no instances of this realm's `Error`: such a
 * value gets a stand-in.
 * Never throws: what cannot be read is left out.
 */
export function asError(value: unknown): (Error & { readonly errors?: unknown }) | undefined {
  if (isError(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (typeof read(value, 'message') !== 'string') return undefined;
  // A contact has a name and may have a message, too.
  if (typeof read(value, 'stack') !== 'string' && !isErrorName(read(value, 'name'))) return undefined;
  const given = Object.fromEntries(
    fields.map((field) => [field, read(value, field)]).filter(([, content]) => content !== undefined),
  );
  return Object.assign(Object.create(Error.prototype) as Error, given);
}

function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

function isErrorName(name: unknown): boolean {
  return typeof name === 'string' && /(?:Error|Exception)$/.test(name);
}

function read(value: object, field: string): unknown {
  try {
    return Reflect.get(value, field);
  } catch {
    return undefined;
  }
}
