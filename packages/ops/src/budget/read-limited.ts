import { readFile, stat } from 'node:fs/promises';

/** Of everything that is read whole: chunks, maps, reports, graphs. */
const maxBytes = 256_000_000;

/** A file, or `undefined` where there is none. @throws Error for one that is too large, and errors of the system */
export async function readLimited(path: string): Promise<Buffer | undefined> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw new Error(`${path} has ${size} bytes; at most ${maxBytes} are read`);
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
