/** Bytes that nobody else can change while something is waited for. */
export function own<Value>(value: Value): Value | Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}
