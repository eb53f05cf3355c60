import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signalAll } from './processes';

/** A temporary folder whose processes and files end with this process, however it ends. */
export interface Workplace {
  /** Makes a folder in it that belongs to the servers' user. */
  folder(name: string): string;
  /** The user that servers run as: PostgreSQL and PgBouncer refuse root. */
  readonly identity: { readonly uid: number; readonly gid: number } | undefined;
  /** Kills everything that works in the folder, and removes it. */
  close(): Promise<void>;
}

/** Opens a new folder under the system's temporary one. */
export function openWorkplace(): Workplace {
  const identity = unprivileged();
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'unite-patroni-')));
  // The servers' user passes through to its own folders.
  chmodSync(directory, 0o711);
  const guard = startGuard(directory);
  return {
    identity,
    folder: (name) => {
      const path = join(directory, name);
      mkdirSync(path, { mode: 0o700 });
      if (identity) chownSync(path, identity.uid, identity.gid);
      return path;
    },
    close: async () => {
      await signalAll(directory, 'SIGKILL');
      guard.stdin.end('dismiss\n');
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Waits for the end of its input, which comes however this process dies, then clears the folder. */
const guardScript = `
trap '' INT TERM HUP QUIT
read -r verdict
[ "$verdict" = dismiss ] && exit 0
for attempt in 1 2 3 4 5; do
  for each in /proc/[0-9]*; do
    case $(readlink "$each/cwd" 2>/dev/null) in
      "$1"/*) kill -s KILL "\${each#/proc/}" 2>/dev/null ;;
    esac
  done
  sleep 0.2
done
rm -rf -- "$1"
`;

function startGuard(directory: string) {
  const guard = spawn('/bin/sh', ['-c', guardScript, 'unite-guard', directory], {
    // Its own session: Ctrl-C at the terminal goes to the whole foreground group.
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  guard.stdin.on('error', () => {});
  return guard;
}

function unprivileged(): Workplace['identity'] {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = accounts.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL does not run as root, and there is no account "postgres" or "nobody" here.');
}
