import { accessSync, constants, existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './run';
import { unpackDebian } from './unpack-debian';

/** Everything that the suite runs, where it was found. */
export interface Programs {
  readonly patroni: string;
  readonly etcd: string;
  readonly pgbouncer: string;
  /** Folder of `postgres`, `pg_rewind`, `pg_basebackup`. */
  readonly postgresBin: string;
  /** For the programs that were unpacked and not installed: where their modules and libraries are. */
  readonly env: NodeJS.ProcessEnv;
  readonly versions: Readonly<Record<'patroni' | 'etcd' | 'pgbouncer' | 'postgres', string>>;
}

/** Options of {@link debianPrograms}. */
export interface ProgramsOptions {
  readonly onProgress?: ((text: string) => void) | undefined;
}

const triplets: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
};

/**
 * Finds Patroni, etcd, PgBouncer and a whole PostgreSQL: installed ones, else Debian's or Ubuntu's packages,
 * unpacked into a kept folder under the system's temporary one. Nothing is installed, so no server is left
 * on port 5432, and no rights are needed.
 *
 * @throws Error that says what is missing
 */
export async function debianPrograms({ onProgress }: ProgramsOptions = {}): Promise<Programs> {
  if (process.platform !== 'linux' || !onPath('apt-get') || !onPath('dpkg'))
    throw new Error(
      "The Patroni suite runs Debian's or Ubuntu's own packages (patroni, python3-etcd, etcd-server, pgbouncer, postgresql): apt-get and dpkg are not on PATH here.",
    );
  const root = join(toolsDirectory(), 'patroni');
  const wanted = ['patroni', 'python3-etcd', 'etcd-server', 'pgbouncer'];
  if (!postgresBinIn('/')) wanted.push('postgresql');
  await unpackDebian({ packages: wanted, root, onProgress });

  const triplet = triplets[process.arch] ?? '';
  const env = {
    PYTHONPATH: join(root, 'usr/lib/python3/dist-packages'),
    LD_LIBRARY_PATH: [join(root, 'usr/lib', triplet), join(root, 'lib', triplet)].join(delimiter),
  };
  const found = {
    patroni: programIn(root, 'usr/bin/patroni'),
    etcd: programIn(root, 'usr/bin/etcd'),
    pgbouncer: programIn(root, 'usr/sbin/pgbouncer'),
    postgresBin: postgresBinIn('/') ?? postgresBinIn(root) ?? missing('a PostgreSQL with pg_rewind'),
  };
  const version = async (command: string): Promise<string> =>
    (await run(command, ['--version'], { env })).split('\n')[0]?.trim() ?? '';
  return {
    ...found,
    env,
    versions: {
      patroni: await version(found.patroni),
      etcd: await version(found.etcd),
      pgbouncer: await version(found.pgbouncer),
      postgres: await version(join(found.postgresBin, 'postgres')),
    },
  };
}

/** A folder that only this user can write: what lies in it is run. */
function toolsDirectory(): string {
  const directory = join(tmpdir(), `unite-tools-${process.getuid?.() ?? 0}`);
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const { uid, mode } = lstatSync(directory);
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0)
    throw new Error(`${directory} belongs to somebody else, or others can write it; remove it.`);
  return directory;
}

function programIn(root: string, path: string): string {
  const found = [join('/', path), join(root, path)].find(existsSync);
  return found ?? missing(path);
}

/** The newest version that has everything Patroni calls. */
function postgresBinIn(root: string): string | undefined {
  const versions = join(root, 'usr/lib/postgresql');
  if (!existsSync(versions)) return undefined;
  return readdirSync(versions)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(versions, version, 'bin'))
    .find((bin) => ['postgres', 'pg_rewind', 'pg_basebackup'].every((name) => existsSync(join(bin, name))));
}

function onPath(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function missing(what: string): never {
  throw new Error(`The Patroni suite did not find ${what}, although its package was unpacked.`);
}
