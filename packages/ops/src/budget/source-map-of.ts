import { dirname, resolve } from 'node:path';
import { readLimited } from './read-limited';

/** Where the map of a chunk may be. */
export interface SourceMapPlace {
  /** Of the chunk itself. */
  readonly path: string;
  /** Where its map was moved to, if maps were. */
  readonly moved: string | undefined;
}

/** The source map of a chunk: where maps were moved to, else where its last line says. */
export async function sourceMapOf(
  code: string,
  { path, moved }: SourceMapPlace,
): Promise<string | undefined> {
  const named = /\n\/\/# sourceMappingURL=([^\s'"?#:]+)\s*$/.exec(code)?.[1];
  for (const place of [moved, named === undefined ? undefined : resolve(dirname(path), decodeURI(named))]) {
    const text = place === undefined ? undefined : await readLimited(place);
    if (text) return text.toString();
  }
  return undefined;
}
