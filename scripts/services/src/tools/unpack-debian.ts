import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from '../process/run-command';
import type { StartOptions } from '../types';
import { findOnPath } from './find-on-path';
import { type Program, programEnv } from './program';

/** What to unpack, and where. */
export interface UnpackOptions extends Pick<StartOptions, 'onProgress' | 'signal'> {
  /** In sentences. */
  readonly title: string;
  /** Debian's names. Libraries that they need come along. */
  readonly packages: readonly string[];
  /** Where the program lies in the package: `usr/bin/redis-server`. */
  readonly program: string;
  /** What makes the program say its version. */
  readonly versionArguments: readonly string[];
  /** What it says then. The exit code will not do: that of `wrk` is 1. */
  readonly version: RegExp;
  /** The folder to unpack into. It is complete when it exists, and kept. */
  readonly directory: string;
}

/** Where a package's libraries lie once unpacked, by Debian's names of the architectures. */
const triplets: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
};

/**
 * Fetches packages of Debian or Ubuntu and unpacks them without installing anything, which needs no rights:
 * the program, and those of its libraries that the system has not installed.
 *
 * @returns the program, or in words why there is none
 */
export async function unpackDebian(options: UnpackOptions): Promise<Program | string> {
  if (!findOnPath('apt-get') || !findOnPath('dpkg')) return 'not a Debian or Ubuntu system';
  const { title, directory, onProgress, signal } = options;
  if (existsSync(directory)) return programIn(directory, options);

  onProgress?.(`Fetching ${title} from the Debian archive (unpacked, not installed)…`);
  mkdirSync(dirname(directory), { recursive: true });
  // One for each call: several servers of one kind may be started at once, in this process and in others.
  const draft = mkdtempSync(`${directory}.`);
  // Other users of the machine may run it, as those of any program.
  chmodSync(draft, 0o755);
  mkdirSync(join(draft, 'packages'));
  try {
    const failure = await download(draft, options);
    if (failure) return failure;
    for (const file of readdirSync(join(draft, 'packages'))) {
      const { code, output } = await run('dpkg', ['-x', join(draft, 'packages', file), draft], draft, signal);
      if (code !== 0) return `dpkg could not unpack ${file}: ${output.trim()}`;
    }
    const program = await programIn(draft, options);
    if (typeof program === 'string') return program;
    rmSync(join(draft, 'packages'), { recursive: true, force: true });
    moveUnlessThere(draft, directory);
    return programIn(directory, options);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Another call may have been first, even since the last look; then its copy is used. */
function moveUnlessThere(draft: string, directory: string): void {
  try {
    renameSync(draft, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
}

async function download(
  draft: string,
  { packages: names, signal }: UnpackOptions,
): Promise<string | undefined> {
  const packages = join(draft, 'packages');
  const lists = join(draft, 'apt');
  // A list of packages of our own, for a machine whose own is empty or old: its user may not refresh that one.
  const ours = [
    ['Dir::State', lists],
    ['Dir::State::status', '/var/lib/dpkg/status'],
    ['Dir::Cache', lists],
    ['APT::Sandbox::User', 'root'],
  ].flatMap(([name, value]) => ['-o', `${name}=${value}`]);

  let failure = await fetchWith([], names, packages, signal);
  if (!failure) return undefined;
  mkdirSync(join(lists, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(lists, 'archives', 'partial'), { recursive: true });
  const update = await run('apt-get', [...ours, 'update'], draft, signal);
  failure =
    update.code === 0
      ? await fetchWith(ours, names, packages, signal)
      : `apt-get update failed: ${lastLine(update.output)}`;
  rmSync(lists, { recursive: true, force: true });
  return failure;
}

async function fetchWith(
  options: readonly string[],
  names: readonly string[],
  packages: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const wanted = new Set(names);
  let fresh = names;
  while (fresh.length > 0) {
    const libraries = await librariesOf(fresh, options, packages, signal);
    fresh = libraries.filter((name) => !wanted.has(name));
    for (const name of fresh) wanted.add(name);
  }
  const { code, output } = await run('apt-get', [...options, 'download', ...wanted], packages, signal);
  return code === 0 ? undefined : `apt-get download failed: ${lastLine(output)}`;
}

/** The libraries that packages ask for themselves, without the installed ones. */
async function librariesOf(
  names: readonly string[],
  options: readonly string[],
  packages: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const asked = [...options, 'depends', '--important', ...names];
  const { output } = await run('apt-cache', asked, packages, signal);
  const libraries = new Set(
    [...output.matchAll(/Depends: ((?:lib|lua-)\S+)/g)].map(([, name]) => name as string),
  );
  for (const name of libraries) {
    // Above all never libc6: the system's loader and another libc do not go together.
    const { output: status } = await run('dpkg-query', ['-s', name], packages, signal);
    if (status.includes('Status: install ok installed')) libraries.delete(name);
  }
  return [...libraries];
}

/** Runs the unpacked program for its version: only that proves that no library is missing. */
async function programIn(
  root: string,
  { title, program, versionArguments, version, signal }: UnpackOptions,
): Promise<Program | string> {
  const triplet = triplets[process.arch] ?? '';
  const libraries = [join(root, 'usr', 'lib', triplet), join(root, 'lib', triplet)].join(':');
  const found = { command: join(root, program), libraries };
  const options = { env: programEnv(found), timeoutMs: 10_000, signal };
  const { output } = await runCommand(found.command, versionArguments, options);
  return version.test(output) ? found : `the unpacked ${title} does not run: ${lastLine(output)}`;
}

function run(command: string, args: string[], cwd: string, signal: AbortSignal | undefined) {
  return runCommand(command, args, { cwd, env: { ...process.env, LC_ALL: 'C' }, timeoutMs: 120_000, signal });
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
