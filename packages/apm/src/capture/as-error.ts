/** What the description of an error reads. */
const fields = ['name', 'message', 'stack', 'code', 'cause', 'severity', 'sqlState', 'constructor'];

/**
 * A value as an error, `undefined` where it is none. Errors of other realms (`node:vm`, the edge runtime of Next.js) and
 * what only looks like one, such as a `DOMException` of another realm, are no instances of this realm's `Error`: such a
 * value gets a stand-in.
 *
 * @throws whatever a getter of the value throws
 */
export function asError(value: unknown): (Error & { readonly errors?: unknown }) | undefined {
  if (value instanceof Error) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const like = value as { name?: unknown; message?: unknown; stack?: unknown };
  if (typeof like.message !== 'string') return undefined;
  // A contact has a name and may have a message, too.
  if (typeof like.stack !== 'string' && !/(?:Error|Exception)$/.test(String(like.name))) return undefined;
  const given = Object.fromEntries(
    fields.filter((field) => field in value).map((field) => [field, Reflect.get(value, field)]),
  );
  return Object.assign(Object.create(Error.prototype) as Error, given);
}
