import { open } from 'node:fs/promises';

/** Writes a file that is not there yet, through to the disk, for this user alone. */
export async function writeNewFile(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
