import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { checkOptions, optionChecks } from '@unite/shared';
import { decodedUrl, inlineMap, sourceMappingUrl } from './source-mapping-url';

// Not by an import: a bundler that follows paths of files would take the whole project along.
const { dirname, join, normalize, relative, resolve, sep } = process.getBuiltinModule('node:path');

/** Options of `hideSourceMaps`. */
export interface HideSourceMapsOptions {
  /** A folder that is served, such as `.next/static`. */
  readonly from: string;
  /** A folder that is not, such as `.source-maps/static`. It is made. */
  readonly to: string;
}

/** What `hideSourceMaps` did. */
export interface HiddenSourceMaps {
  /** Maps that were moved, or taken out of a script. */
  readonly maps: number;
  /** Scripts and styles whose comment was removed. */
  readonly files: number;
}

/**
 * Moves the source maps of a build out of a folder that is served, and removes the comments that name them. A map stands
 * beside the path of its script then: `static/app.js` has `static/app.js.map`, where `localSourceMaps` looks for it. Links
 * are not followed. Run again, it finds nothing to do.
 *
 * @throws TypeError where `to` is in `from`; what the file system throws, such as `ENOENT` where there is no `from`
 * @example
 * await hideSourceMaps({ from: '.next/static', to: '.source-maps/static' });
 */
export async function hideSourceMaps(options: HideSourceMapsOptions): Promise<HiddenSourceMaps> {
  checkOptions('hideSourceMaps', options, { from: optionChecks.string, to: optionChecks.string }, [
    'from',
    'to',
  ]);
  const from = resolve(options.from);
  const to = resolve(options.to);
  if (`${to}${sep}`.startsWith(`${from}${sep}`)) {
    throw new TypeError('hideSourceMaps: option "to" must not be in "from", which is served');
  }
  const paths = await filesBelow(from);
  let maps = 0;
  let files = 0;
  for (const path of paths.filter((one) => /\.(?:[cm]?js|css)$/.test(one))) {
    const hidden = await hideMapOf(path);
    if (hidden) files += 1;
    maps += hidden?.maps ?? 0;
  }
  // Those that no comment names.
  for (const path of (await filesBelow(from)).filter((one) => one.endsWith('.map'))) {
    await move(path, join(to, relative(from, path)));
    maps += 1;
  }
  return { maps, files };

  async function hideMapOf(path: string): Promise<{ maps: number } | undefined> {
    const text = await readFile(path, 'utf8');
    const comment = sourceMappingUrl(text);
    if (!comment) return undefined;
    const target = join(to, `${relative(from, path)}.map`);
    const moved = await hideMap(comment.url, path, target);
    // Last, so that a run that was interrupted is taken up again.
    await writeFile(path, text.slice(0, comment.start).trimEnd() + text.slice(comment.end));
    return { maps: moved ? 1 : 0 };
  }

  /** @returns whether there was one */
  async function hideMap(url: string, path: string, target: string): Promise<boolean> {
    const inline = inlineMap(url);
    if (inline !== undefined) {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, inline);
      return true;
    }
    const source = normalize(join(dirname(path), decodedUrl(url) ?? url));
    if (!paths.includes(source)) return false;
    await move(source, target);
    return true;
  }
}

/** Folder by folder: from Node 26 on, a recursive `readdir` follows links. */
async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  const below = await Promise.all(folders.map(({ name }) => filesBelow(join(directory, name))));
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => join(directory, name));
  return [...files, ...below.flat()];
}

async function move(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  try {
    await rename(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(source, target);
    await rm(source);
  }
}
