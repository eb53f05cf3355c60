import { rm } from 'node:fs/promises';
import { packedFolderVariable } from './packed';

/** Jest's global tear-down. */
export default async function removePacked(): Promise<void> {
  const folder = process.env[packedFolderVariable];
  if (folder) await rm(folder, { recursive: true, force: true });
}
