/**
 * Longest id of a tenant and name of a table or column, in bytes of UTF-8. A key is derived for all three at once, and
 * Node takes at most 1,024 bytes for what a key is derived for.
 */
export const maxNameBytes = 255;

/** One UTF-16 unit becomes at most so many bytes. */
const maxBytesPerUnit = 3;

/** Whether it is text that may stand in what a key is derived for. */
export function fitsName(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || !value.isWellFormed()) return false;
  return value.length * maxBytesPerUnit <= maxNameBytes || Buffer.byteLength(value) <= maxNameBytes;
}
