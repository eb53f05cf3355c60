/**
 * Whatever else has a length, such as text, would be taken for zeros, and bind a value to nothing.
 *
 * @throws TypeError that names the argument and the kind of what it got, and nothing of it
 */
export function checkBytes(name: string, value: unknown): void {
  if (!(value instanceof Uint8Array))
    throw new TypeError(`${name} must be a Uint8Array, got ${kindOf(value)}`);
}

/** @throws TypeError */
export function checkHeaderBytes(value: unknown): void {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return;
  const got = typeof value === 'number' ? value : kindOf(value);
  throw new TypeError(`EdgeSealer.open: headerBytes must be a whole number from 0, got ${got}`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
