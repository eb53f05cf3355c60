import { AnyMap, decodedMappings } from '@jridgewell/trace-mapping';
import { moduleName } from './module-name';

/** What no map speaks of: what the bundler put around the modules. */
const bundler = '(bundler)';

/**
 * Whose bytes the bytes of a chunk are, by its source map (ECMA-426): what follows a mapping belongs to its source, up to
 * the next one. They add up to the chunk.
 *
 * @param name for all of it, where there is no map that can be read
 */
export function chunkModules(
  code: string,
  map: string | undefined,
  name: string,
): ReadonlyMap<string, number> {
  const decoded = map === undefined ? undefined : decode(map);
  if (!decoded) return new Map([[`${name} (no source map)`, utf8Bytes(code, 0, code.length)]]);
  const sums = new Map<string, number>();
  const add = (owner: string, bytes: number) => sums.set(owner, (sums.get(owner) ?? 0) + bytes);
  let start = 0;
  for (let line = 0; start < code.length; line += 1) {
    const newline = code.indexOf('\n', start);
    const end = newline < 0 ? code.length : newline + 1;
    let owner = bundler;
    let from = start;
    for (const { column, source } of decoded.lines[line] ?? []) {
      const to = Math.min(end, start + column);
      add(owner, utf8Bytes(code, from, to));
      owner = source === undefined ? bundler : (decoded.names[source] ?? bundler);
      from = to;
    }
    add(owner, utf8Bytes(code, from, end));
    start = end;
  }
  return new Map([...sums].filter(([, bytes]) => bytes > 0));
}

interface Mapping {
  /** In UTF-16 units. */
  readonly column: number;
  /** Which of the sources; none where the bundler wrote it. */
  readonly source: number | undefined;
}

function decode(
  text: string,
): { lines: readonly (readonly Mapping[])[]; names: readonly string[] } | undefined {
  try {
    const map = new AnyMap(text);
    // It names nobody.
    if (map.sources.length === 0) return undefined;
    const lines = decodedMappings(map).map((line) => line.map(([column, source]) => ({ column, source })));
    return { lines, names: map.sources.map((source) => (source ? moduleName(source) : bundler)) };
  } catch {
    return undefined;
  }
}

/** RFC 3629 §3. Without cutting the text up, which could cut a pair of surrogates in two. */
function utf8Bytes(text: string, from: number, to: number): number {
  let bytes = 0;
  for (let index = from; index < to; index += 1) {
    const unit = text.charCodeAt(index);
    // Both halves of a pair make four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}
