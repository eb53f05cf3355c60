import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run';

/** Options of {@link unpackDebian}. */
export interface UnpackOptions {
  /** Names of packages; what they depend on comes along, unless it is installed. */
  readonly packages: readonly string[];
  /** Folder to unpack into. It is complete when it exists. */
  readonly root: string;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/**
 * Fetches packages with their dependencies and unpacks them without installing anything.
 *
 * @throws Error with what apt or dpkg said
 */
export async function unpackDebian({ packages, root, onProgress }: UnpackOptions): Promise<void> {
  if (existsSync(root)) return;
  onProgress?.(`Fetching ${packages.join(', ')} (unpacked into ${root}, not installed)…`);
  const draft = `${root}.${process.pid}`;
  const downloads = join(draft, 'packages');
  mkdirSync(downloads, { recursive: true });
  try {
    await download(packages, downloads);
    for (const file of readdirSync(downloads)) {
      if (file.endsWith('.deb')) await run('dpkg', ['-x', join(downloads, file), draft]);
    }
    rmSync(downloads, { recursive: true });
    // Another process may have been first; then its copy is used.
    if (!existsSync(root)) renameSync(draft, root);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function download(packages: readonly string[], directory: string): Promise<void> {
  try {
    await downloadWith([], packages, directory);
  } catch {
    // The system's lists of packages may be empty or old, and its user may not refresh them: make our own.
    const lists = join(directory, 'apt');
    mkdirSync(join(lists, 'lists', 'partial'), { recursive: true });
    mkdirSync(join(lists, 'archives', 'partial'), { recursive: true });
    const ours = [
      `Dir::State=${lists}`,
      'Dir::State::status=/var/lib/dpkg/status',
      `Dir::Cache=${lists}`,
      'APT::Sandbox::User=root',
    ].flatMap((setting) => ['-o', setting]);
    await run('apt-get', [...ours, 'update'], { cwd: directory });
    await downloadWith(ours, packages, directory);
    rmSync(lists, { recursive: true });
  }
}

async function downloadWith(
  options: readonly string[],
  packages: readonly string[],
  directory: string,
): Promise<void> {
  const plan = await run('apt-get', [
    ...options,
    'install',
    '--simulate',
    '--assume-yes',
    '--no-install-recommends',
    ...packages,
  ]);
  // `Inst name [installed] (new …)`: what is installed already, such as libc6, must stay as it is.
  const names = [...plan.matchAll(/^Inst (\S+) \(/gm)].map(([, name]) => name as string);
  if (names.length > 0) await run('apt-get', [...options, 'download', ...names], { cwd: directory });
}
