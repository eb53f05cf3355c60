import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Deadline } from '../deadline';
import { ServicesError } from '../errors';
import type { Guard } from '../plain/guard.mjs';
import type { ServerIdentity } from '../process/server-identity';
import { ServerProcess, tailOf } from '../process/server-process';
import type { PostgresNode, PostgresRole, ServerCertificates, ServerExit } from '../types';
import { baseBackup } from './base-backup';
import type { PostgresBinaries } from './binaries';
import { postgresEnv } from './create-database';
import { owner, type RecoverySettings, serverConfig } from './server-config';
import { writeServerTls } from './server-tls';
import { answersQuery } from './sql';

/** What a node needs to know about its cluster. */
export interface NodeSettings {
  readonly name: string;
  readonly role: PostgresRole;
  readonly directory: string;
  /** Asked for at each start: a kept cluster has its own. */
  readonly password: () => string;
  readonly durable: boolean;
  readonly tls: ServerCertificates | undefined;
  readonly archive?: string | undefined;
  readonly recovery?: RecoverySettings | undefined;
  readonly binaries: PostgresBinaries;
  readonly identity: ServerIdentity | undefined;
  readonly guard: Guard;
  readonly timeoutMs: number;
  /** Port of the primary, asked for at each start. */
  readonly upstreamPort: () => number;
  readonly onExit: (node: PostgresNode, exit: ServerExit) => void;
}

/** How an attempt to start went. */
export type Launch = 'ready' | 'port taken' | 'ended' | 'timed out';

/** One server on this machine. */
export class LocalNode implements PostgresNode {
  readonly name: string;
  readonly role: PostgresRole;
  readonly directory: string;
  readonly #settings: NodeSettings;
  readonly #logFile: string;
  /** Port of the server that it follows; absent where it follows none. */
  #upstreamPort: (() => number) | undefined;
  #port = 0;
  #server: ServerProcess | undefined;
  #starting: Promise<void> | undefined;

  constructor(settings: NodeSettings) {
    this.#settings = settings;
    this.name = settings.name;
    this.role = settings.role;
    this.directory = settings.directory;
    this.#upstreamPort = settings.role === 'replica' ? settings.upstreamPort : undefined;
    this.#logFile = `${settings.directory}.log`;
    rmSync(this.#logFile, { force: true });
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return this.urlOf(owner);
  }

  get pid(): number | undefined {
    return this.#server?.exit ? undefined : this.#server?.pid;
  }

  urlOf(database: string): string {
    return `postgres://${owner}:${this.#settings.password()}@127.0.0.1:${this.#port}/${database}`;
  }

  logTail(): string {
    return tailOf(this.#logFile);
  }

  async kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const server = this.#server;
    if (!server || server.exit) return;
    if (signal !== 'SIGKILL') return void server.signalAll(signal);
    this.#server = undefined; // An end that was asked for.
    await server.kill(5_000);
  }

  start(): Promise<void> {
    this.#starting ??= this.#restart().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async follow(primary: PostgresNode): Promise<void> {
    const { identity, tls } = this.#settings;
    await this.stop('SIGQUIT', 5_000);
    rmSync(this.directory, { recursive: true, force: true });
    await baseBackup({
      url: primary.url,
      ca: tls?.ca,
      directory: join(dirname(this.directory), primary.name),
      targets: [this.directory],
      identity,
    });
    this.#upstreamPort = () => primary.port;
    await this.start();
  }

  /** Ends the server: `SIGINT` is PostgreSQL's fast shutdown, `SIGQUIT` its immediate one. */
  async stop(signal: 'SIGINT' | 'SIGQUIT', timeoutMs: number): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.end(signal, timeoutMs);
  }

  /** Starts the server on a port and waits until it answers. */
  async launch(port: number, deadline: Deadline): Promise<Launch> {
    this.#port = port;
    for (;;) {
      const logStart = existsSync(this.#logFile) ? statSync(this.#logFile).size : 0;
      const server = this.#spawn();
      const ready = await deadline.poll(async () =>
        server.exit ? 'ended' : (await this.#isReady(server)) && 'ready',
      );
      if (ready === 'ready') {
        void server.exited.then((exit) => {
          if (this.#server === server) this.#settings.onExit(this, exit);
        });
        return 'ready';
      }
      if (!ready) {
        await this.stop('SIGQUIT', 1_000);
        return 'timed out';
      }
      const said = readFileSync(this.#logFile).subarray(logStart).toString();
      if (/could not bind|could not create any TCP\/IP sockets/.test(said)) return 'port taken';
      // The processes of a killed server need a moment to notice; until then its memory counts as in use.
      if (!/pre-existing shared memory block/.test(said) || deadline.remainingMs === 0) return 'ended';
      await new Deadline(50).poll(() => false);
    }
  }

  async #restart(): Promise<void> {
    if (this.pid !== undefined) return;
    const result = await this.launch(this.#port, new Deadline(this.#settings.timeoutMs));
    if (result !== 'ready') throw this.failure(result);
  }

  failure(result: Launch): ServicesError {
    return new ServicesError(
      'POSTGRES_FAILED',
      `PostgreSQL ${this.name} did not start (${result}):\n${this.logTail()}`,
    );
  }

  #spawn(): ServerProcess {
    const { binaries, identity, guard, durable, name, password, tls, archive, recovery } = this.#settings;
    const upstream = this.#upstreamPort && { port: this.#upstreamPort(), password: password() };
    if (tls) writeServerTls(tls, this.directory, identity);
    const isTls = tls !== undefined;
    const config = serverConfig({
      name,
      port: this.#port,
      durable,
      upstream,
      tls: isTls,
      archive,
      recovery,
    });
    writeFileSync(join(this.directory, 'unite.conf'), config, { mode: 0o644 });
    this.#server = new ServerProcess({
      command: binaries.postgres,
      args: ['-D', this.directory],
      cwd: this.directory,
      env: postgresEnv,
      identity,
      logFile: this.#logFile,
      guard,
    });
    return this.#server;
  }

  /** The pid file says when to ask (its line 8, as `pg_ctl -w` reads it); the answer to a query counts. */
  async #isReady(server: ServerProcess): Promise<boolean> {
    let lines: string[];
    try {
      lines = readFileSync(join(this.directory, 'postmaster.pid'), 'utf8').split('\n');
    } catch {
      return false;
    }
    return (
      Number(lines[0]) === server.pid &&
      lines[7]?.trim() === 'ready' &&
      answersQuery(this.urlOf('template1'), this.#settings.tls?.ca)
    );
  }
}
