import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const directory =
  process.env.UNITE_CONFORMANCE_DIR ?? fileURLToPath(new URL('../../../shared/conformance', import.meta.url));

/**
 * The keys that a real application asked for, one after the other.
 *
 * @param {'orm-busy' | 'web12'} name traces of Jens Wilke, headissue GmbH, CC BY 4.0
 * @returns {Int32Array | undefined} nothing where the traces are not there
 */
export function readTrace(name) {
  const file = join(directory, 'traces', `${name}.int32be.gz`);
  if (!existsSync(file)) return undefined;
  const bytes = gunzipSync(readFileSync(file)).swap32();
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

export const whereTracesAre = directory;
