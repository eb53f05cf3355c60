import { join } from 'node:path';
import { Deadline } from '../deadline';
import { ServicesError } from '../errors';
import { freePort } from '../plain/free-port.mjs';
import { runCommand } from '../process/run-command';
import { type ServerIdentity, serverIdentity } from '../process/server-identity';
import type { BaseBackup, CloseOptions, RestoredPostgres, RestoreOptions } from '../types';
import { openWorkplace, type Workplace } from '../workplace';
import { makeRestored } from './base-backup';
import { postgresBinaries } from './binaries';
import { makeDataDirectory, postgresEnv } from './create-database';
import { LocalNode } from './local-node';

/**
 * Starts a server from a copy of a backup, which replays the archive up to a moment and then is a primary of its own.
 * The backup stays as it is. It has what was committed until then, and nothing of what came after.
 *
 * @throws ServicesError `INVALID_OPTION`; `POSTGRES_FAILED`, with the end of the server's log: the archive does not
 *   reach the target, too
 * @example
 * const backup = await cluster.backup();
 * await using restored = await restorePostgres({ backup, target: { time: '2026-11-26 12:00:00+00' } });
 */
export async function restorePostgres(options: RestoreOptions): Promise<RestoredPostgres> {
  const { backup, target, timeoutMs = 120_000, signal, onProgress } = options;
  if (target?.name !== undefined && target.time !== undefined) {
    throw new ServicesError(
      'INVALID_OPTION',
      'restorePostgres: option "target" must be a name or a time, got both',
    );
  }
  const identity = serverIdentity();
  const workplace = openWorkplace('restored', undefined, identity);
  const directory = join(workplace.directory, 'restored');
  const node = new LocalNode({
    name: 'restored',
    role: 'primary',
    directory,
    password: () => decodeURIComponent(new URL(backup.url).password),
    durable: false,
    tls: backup.tls,
    recovery: { archive: backup.archiveDirectory, target },
    binaries: postgresBinaries(identity),
    identity,
    guard: workplace.guard,
    timeoutMs,
    upstreamPort: () => 0,
    onExit: () => {},
  });
  const restored = new Restored(node, backup, workplace);
  try {
    onProgress?.('Copying the backup…');
    await copyBackup(backup, directory, { identity, timeoutMs, signal });
    onProgress?.('Replaying the archive…');
    const result = await node.launch(await freePort(), new Deadline(timeoutMs, signal));
    if (result !== 'ready') throw node.failure(result);
    return restored;
  } catch (error) {
    await restored.close();
    throw error;
  }
}

class Restored implements RestoredPostgres {
  readonly #node: LocalNode;
  readonly #workplace: Workplace;
  readonly ca: string | undefined;
  #closing: Promise<void> | undefined;

  constructor(node: LocalNode, { tls }: BaseBackup, workplace: Workplace) {
    this.#node = node;
    this.#workplace = workplace;
    this.ca = tls?.ca;
  }

  get url(): string {
    return this.#node.url;
  }

  logTail(): string {
    return this.#node.logTail();
  }

  close({ timeoutMs = 5_000 }: CloseOptions = {}): Promise<void> {
    // Nobody reads its directory again.
    this.#closing ??= this.#node.stop('SIGQUIT', timeoutMs).then(() => this.#workplace.leave());
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

async function copyBackup(
  { directory: from }: BaseBackup,
  to: string,
  options: {
    readonly identity: ServerIdentity | undefined;
    readonly timeoutMs: number;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  makeDataDirectory(to, options.identity);
  const { code, output } = await runCommand('cp', ['-RP', `${from}/.`, to], { ...options, env: postgresEnv });
  if (code !== 0) throw new ServicesError('POSTGRES_FAILED', `cannot copy ${from}:\n${output}`);
  makeRestored(to, options.identity);
}
