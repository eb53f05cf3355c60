// Plain JavaScript: `scripts/start.mjs` needs it before anything is built.
import { spawn } from 'node:child_process';

/**
 * Waits for the end of its input, which comes however the parent dies, then ends what is still listed:
 * interrupt (PostgreSQL's fast shutdown), at most five seconds, kill. A shell costs a megabyte and two
 * milliseconds where a second Node would cost forty of each.
 */
const script = `
trap '' INT TERM HUP QUIT
listed=''
while read -r verb target; do
  case $verb in
    watch) listed="$listed $target" ;;
    forget)
      kept=''
      for each in $listed; do [ "$each" = "$target" ] || kept="$kept $each"; done
      listed=$kept ;;
    dismiss) exit 0 ;;
  esac
done
alive() { for each in $listed; do kill -s 0 -- "$each" 2>/dev/null && return 0; done; return 1; }
send() { for each in $listed; do kill -s "$1" -- "$each" 2>/dev/null; done; }
send INT
send CONT
tries=0
while alive && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
send KILL
[ -z "$1" ] || rm -rf -- "$1"
`;

/**
 * A small process that outlives this one by just as long as it takes to end the processes handed to it:
 * nothing keeps running after a `kill -9` or a crash, even though nobody got to clean up.
 *
 * @param {{ removeDirectory?: string | undefined }} [options] a directory to remove as well
 */
export function createGuard({ removeDirectory } = {}) {
  const shell = spawn('/bin/sh', ['-c', script, 'unite-guard', removeDirectory ?? ''], {
    // Its own session: Ctrl-C at the terminal goes to the whole foreground group.
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  /** @type {import('node:net').Socket} */ (shell.stdin).unref();
  return {
    /** @param {number} target process id, or a negative process group id */
    watch: (target) => void shell.stdin.write(`watch ${target}\n`),
    /** @param {number} target process id, or a negative process group id */
    forget: (target) => void shell.stdin.write(`forget ${target}\n`),
    /** Ends the guard, and nothing else. */
    dismiss: () => void shell.stdin.end('dismiss\n'),
  };
}

/** @typedef {ReturnType<typeof createGuard>} Guard */
