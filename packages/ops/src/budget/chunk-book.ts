import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { EncodedBytes } from './budget-types';
import { unreadable } from './build-files';
import { chunkModules } from './chunk-modules';
import { byEncoding } from './encodings';
import type { Build, BuiltRoute } from './read-build';
import { readLimited } from './read-limited';
import { type SourceMapPlace, sourceMapOf } from './source-map-of';

const gzipped = promisify(gzip);
const brotlied = promisify(brotliCompress);

/** A build may append its comment about the map, and tools take it off or add an identifier of theirs. */
const editedBytesPerChunk = 1_000;

interface Chunk {
  readonly code: Buffer;
  readonly bytes: EncodedBytes;
}

/** The chunks of a build, each read and compressed once, whichever routes load it. */
export class ChunkBook {
  readonly #build: Build;
  readonly #maps: string | undefined;
  readonly #chunks = new Map<string, Promise<Chunk>>();
  readonly #modules = new Map<string, Promise<ReadonlyMap<string, number>>>();

  constructor(build: Build, maps: string | undefined) {
    this.#build = build;
    this.#maps = maps;
  }

  /**
   * What a route's chunks weigh, each for itself as it is sent.
   *
   * @throws OpsError `UNITE_OPS_BUILD_UNREADABLE` where they are not those that the build has counted
   */
  async bytesOf({ route, chunks, reportedBytes }: BuiltRoute): Promise<EncodedBytes> {
    const all = await Promise.all(chunks.map((path) => this.#chunk(path)));
    const bytes = byEncoding((encoding) => all.reduce((sum, chunk) => sum + chunk.bytes[encoding], 0));
    if (Math.abs(bytes.raw - reportedBytes) > editedBytesPerChunk * chunks.length) {
      throw unreadable(
        `the chunks of ${route} have ${bytes.raw} bytes, and the build counted ${reportedBytes}. Build again`,
      );
    }
    return bytes;
  }

  /** Raw bytes by npm package and file of the application; they add up to those of the chunks. */
  async modulesOf({ chunks }: BuiltRoute): Promise<ReadonlyMap<string, number>> {
    const sums = new Map<string, number>();
    for (const path of chunks) {
      for (const [name, bytes] of await this.#modulesOf(path)) sums.set(name, (sums.get(name) ?? 0) + bytes);
    }
    return sums;
  }

  #chunk(path: string): Promise<Chunk> {
    return remember(this.#chunks, path, () => readChunk(path));
  }

  #modulesOf(path: string): Promise<ReadonlyMap<string, number>> {
    return remember(this.#modules, path, async () => {
      const { code } = await this.#chunk(path);
      const name = relative(this.#build.dist, path);
      const place: SourceMapPlace = {
        path,
        moved: this.#maps && join(this.#maps, `${relative(join(this.#build.dist, 'static'), path)}.map`),
      };
      return chunkModules(code.toString(), await sourceMapOf(code.toString(), place), name);
    });
  }
}

async function readChunk(path: string): Promise<Chunk> {
  const code = await readLimited(path);
  if (!code) throw unreadable(`${path} is named by the build and not there. Build again`);
  const [small, smaller] = await Promise.all([
    gzipped(code, { level: 6 }),
    brotlied(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  ]);
  return { code, bytes: { raw: code.length, gzip: small.length, brotli: smaller.length } };
}

function remember<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
