import { open } from 'node:fs/promises';

/** Makes names in a folder survive a power cut. Systems that know no such thing, such as Windows, refuse to open it. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
