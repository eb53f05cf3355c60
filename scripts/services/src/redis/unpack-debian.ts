import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../process/run-command';
import type { StartOptions } from '../types';
import { findOnPath, type RedisProgram } from './redis-program';

/** Where a package's libraries lie once unpacked, by Debian's names of the architectures. */
const triplets: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
};

/**
 * Fetches Debian's or Ubuntu's Redis and unpacks it without installing anything, which needs no rights:
 * the server, and those of its libraries that the system has not installed.
 *
 * @returns the program, or in words why there is none
 */
export async function unpackDebianRedis(
  directory: string,
  { onProgress, signal }: Pick<StartOptions, 'onProgress' | 'signal'>,
): Promise<RedisProgram | string> {
  if (!findOnPath('apt-get') || !findOnPath('dpkg')) return 'not a Debian or Ubuntu system';
  const root = join(directory, 'redis');
  if (existsSync(root)) return programIn(root, signal);

  onProgress?.('Fetching Redis from the Debian archive (unpacked, not installed)…');
  const draft = `${root}.${process.pid}`;
  mkdirSync(join(draft, 'packages'), { recursive: true });
  try {
    const failure = await download(draft, signal);
    if (failure) return failure;
    for (const file of readdirSync(join(draft, 'packages'))) {
      const { code, output } = await run('dpkg', ['-x', join(draft, 'packages', file), draft], draft, signal);
      if (code !== 0) return `dpkg could not unpack ${file}: ${output.trim()}`;
    }
    const program = await programIn(draft, signal);
    if (typeof program === 'string') return program;
    rmSync(join(draft, 'packages'), { recursive: true, force: true });
    // Another process may have been first; then its copy is used.
    if (!existsSync(root)) renameSync(draft, root);
    return programIn(root, signal);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function download(draft: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const packages = join(draft, 'packages');
  const lists = join(draft, 'apt');
  // A list of packages of our own, for a machine whose own is empty or old: its user may not refresh that one.
  const ours = [
    ['Dir::State', lists],
    ['Dir::State::status', '/var/lib/dpkg/status'],
    ['Dir::Cache', lists],
    ['APT::Sandbox::User', 'root'],
  ].flatMap(([name, value]) => ['-o', `${name}=${value}`]);

  let failure = await fetchWith([], packages, signal);
  if (!failure) return undefined;
  mkdirSync(join(lists, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(lists, 'archives', 'partial'), { recursive: true });
  const update = await run('apt-get', [...ours, 'update'], draft, signal);
  failure =
    update.code === 0
      ? await fetchWith(ours, packages, signal)
      : `apt-get update failed: ${lastLine(update.output)}`;
  rmSync(lists, { recursive: true, force: true });
  return failure;
}

async function fetchWith(
  options: string[],
  packages: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const wanted = ['redis-server', 'redis-tools'];
  const { output } = await run(
    'apt-cache',
    [...options, 'depends', '--important', ...wanted],
    packages,
    signal,
  );
  const libraries = [...output.matchAll(/Depends: ((?:lib|lua-)\S+)/g)].map(([, name]) => name as string);
  for (const name of new Set(libraries)) {
    // Above all never libc6: the system's loader and another libc do not go together.
    const { output: status } = await run('dpkg-query', ['-s', name], packages, signal);
    if (!status.includes('Status: install ok installed')) wanted.push(name);
  }
  const { code, output: said } = await run('apt-get', [...options, 'download', ...wanted], packages, signal);
  return code === 0 ? undefined : `apt-get download failed: ${lastLine(said)}`;
}

/** Runs the unpacked server for its version: only that proves that no library is missing. */
async function programIn(root: string, signal: AbortSignal | undefined): Promise<RedisProgram | string> {
  const command = join(root, 'usr', 'bin', 'redis-server');
  const triplet = triplets[process.arch] ?? '';
  const libraries = [join(root, 'usr', 'lib', triplet), join(root, 'lib', triplet)].join(':');
  const env = { ...process.env, LD_LIBRARY_PATH: libraries };
  const { code, output } = await runCommand(command, ['--version'], { env, timeoutMs: 10_000, signal });
  return code === 0
    ? { source: 'debian', command, libraries }
    : `the unpacked Redis does not run: ${lastLine(output)}`;
}

function run(command: string, args: string[], cwd: string, signal: AbortSignal | undefined) {
  return runCommand(command, args, { cwd, env: { ...process.env, LC_ALL: 'C' }, timeoutMs: 120_000, signal });
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
