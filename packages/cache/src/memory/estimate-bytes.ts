/** Objects that are looked at; those after them are taken to be like them. */
const maxVisits = 20_000;
const slotBytes = 8;
const objectBytes = 56;
/** Objects with more fields are taken for dictionaries, whose names no other object shares. */
const maxRecordFields = 32;
/** What such a field takes beside its name and its value. */
const fieldBytes = 80;

/**
 * About what a value takes in the heap, in bytes. Strings and buffers are exact; of a value with very many objects the
 * first ones stand for the rest of their list, so that no value takes longer than about a millisecond.
 */
export function estimateBytes(value: unknown): number {
  const seen = new Set<object>();
  return sizeOf(value);

  function sizeOf(part: unknown): number {
    if (typeof part === 'string') return stringBytes(part);
    if (typeof part === 'bigint') return 24 + part.toString(16).length;
    if (typeof part !== 'object' || part === null || seen.has(part)) return slotBytes;
    seen.add(part);
    if (ArrayBuffer.isView(part)) return 2 * objectBytes + retainedBytes(part);
    if (part instanceof ArrayBuffer) return objectBytes + part.byteLength;
    if (Array.isArray(part)) return objectBytes + sum(part, part.length);
    if (part instanceof Map) return objectBytes + 4 * slotBytes * part.size + sum(flat(part), 2 * part.size);
    if (part instanceof Set) return objectBytes + 3 * slotBytes * part.size + sum(part, part.size);
    const fields = Object.values(part);
    const names = fields.length > maxRecordFields ? Object.keys(part) : [];
    return objectBytes + fieldBytes * names.length + sum(names, names.length) + sum(fields, fields.length);
  }

  function sum(parts: Iterable<unknown>, length: number): number {
    let bytes = 0;
    let count = 0;
    for (const part of parts) {
      bytes += slotBytes + sizeOf(part);
      count += 1;
      if (seen.size >= maxVisits) return (bytes / count) * length;
    }
    return bytes;
  }
}

function* flat(map: Map<unknown, unknown>): Iterable<unknown> {
  for (const [key, value] of map) {
    yield key;
    yield value;
  }
}

/** V8 keeps a byte for each character as long as all of them fit, else two. */
function stringBytes(text: string): number {
  return 24 + (Buffer.byteLength(text) === text.length ? text.length : text.length * 2);
}

/** A view keeps all of its buffer, unless it is one of Node's pool. */
function retainedBytes({ byteLength, buffer }: ArrayBufferView): number {
  return buffer.byteLength > Buffer.poolSize ? buffer.byteLength : byteLength;
}
