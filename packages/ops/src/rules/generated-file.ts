import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { readLimited } from '../budget/read-limited';
import { OpsError } from '../errors';

/** What stands there, or `undefined` where nothing does. */
export async function readGenerated(out: string, path: string): Promise<string | undefined> {
  return (await readLimited(join(out, path)))?.toString();
}

/** Whoever reads it has the old file or the new one, and never a part. */
export async function writeGenerated(out: string, path: string, text: string): Promise<void> {
  const file = join(out, path);
  await refuseOutside(out, dirname(file));
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

export async function removeGenerated(out: string, path: string): Promise<void> {
  const file = join(out, path);
  await refuseOutside(out, dirname(file));
  await rm(file, { force: true });
}

/**
 * A folder in `out` may be a link that leads anywhere.
 *
 * @param out as it really is
 * @throws OpsError `UNITE_OPS_RULES_UNUSABLE`
 */
async function refuseOutside(out: string, folder: string): Promise<void> {
  const place = relative(out, await realPlace(folder));
  if (place === '..' || place.startsWith(`..${sep}`)) {
    throw new OpsError('UNITE_OPS_RULES_UNUSABLE', `${folder} leads outside of ${out}`);
  }
}

/** Of a folder that is not there yet: of the nearest one above it that is. */
async function realPlace(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return realPlace(dirname(folder));
  }
}
