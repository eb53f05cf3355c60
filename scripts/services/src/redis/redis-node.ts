import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deadline } from '../deadline';
import { ServicesError } from '../errors';
import { freePort } from '../plain/free-port.mjs';
import { giveTo } from '../process/give-to';
import type { ServerIdentity } from '../process/server-identity';
import { ServerProcess, tailOf } from '../process/server-process';
import { programEnv } from '../tools/program';
import type { RedisServer, RedisSettings, ServerCertificates, ServerExit } from '../types';
import type { Workplace } from '../workplace';
import { dockerArgs } from './docker-args';
import type { RedisProgram } from './find-redis';
import { answersPing } from './ping';

/** What one server is to be. */
export interface RedisNodeOptions {
  /** Name of its folder and its log. */
  readonly name: string;
  /** Asked for at each attempt, as a port may be taken. Without `port` it is any. */
  readonly settings: () => RedisSettings | Promise<RedisSettings>;
  /** Whether it is a Sentinel. @default false */
  readonly sentinel?: boolean | undefined;
  /** Makes TLS 1.3 the only way to it. @default none: no TLS */
  readonly tls?: ServerCertificates | undefined;
  /** Hears of its end once it has answered. */
  readonly onExit?: ((exit: ServerExit) => void) | undefined;
}

/** Where a server runs, and by what. */
export interface RedisPlace {
  readonly program: RedisProgram;
  readonly workplace: Workplace;
  readonly identity: ServerIdentity | undefined;
}

/** How long a server that ended may take to answer again. */
const restartTimeoutMs = 30_000;

/** One Redis server, or Sentinel, on this machine. */
export class RedisNode implements RedisServer {
  readonly #options: RedisNodeOptions;
  readonly #place: RedisPlace;
  readonly #directory: string;
  readonly #logFile: string;
  #settings: RedisSettings = {};
  #server: ServerProcess | undefined;
  #starting: Promise<void> | undefined;

  constructor(options: RedisNodeOptions, place: RedisPlace) {
    this.#options = options;
    this.#place = place;
    this.#directory = join(place.workplace.directory, options.name);
    this.#logFile = `${this.#directory}.log`;
    rmSync(this.#logFile, { force: true });
  }

  get url(): string {
    const scheme = this.#options.tls ? 'rediss' : 'redis';
    return `${scheme}://:${encodeURIComponent(this.setting('requirepass'))}@127.0.0.1:${this.port}`;
  }

  get port(): number {
    return Number(this.setting('port'));
  }

  get pid(): number | undefined {
    return this.#server?.exit ? undefined : this.#server?.pid;
  }

  /** What it was started with. */
  setting(name: string): string {
    return this.#settings[name] ?? '';
  }

  logTail(): string {
    return tailOf(this.#logFile);
  }

  /**
   * Starts the server, on a free port unless this is given, and waits until it answers.
   *
   * @throws ServicesError `REDIS_FAILED`, with the end of its log
   */
  async launch(deadline: Deadline, port?: number): Promise<void> {
    let attempt = 1;
    for (;;) {
      const server = await this.#spawn(port);
      const ready = await deadline.poll(async () =>
        server.exit ? 'ended' : (await answersPing(this.url, this.#options.tls?.ca)) && 'ready',
      );
      if (ready === 'ready') {
        void server.exited.then((exit) => {
          if (this.#server === server) this.#options.onExit?.(exit);
        });
        return;
      }
      const tail = this.logTail();
      // A port that was free a moment ago may be taken by now.
      if (ready !== 'ended' || attempt === 5 || !/in use|already allocated/.test(tail)) {
        throw new ServicesError('REDIS_FAILED', `Redis did not start (${ready ?? 'timed out'}):\n${tail}`);
      }
      attempt += 1;
    }
  }

  async kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const server = this.#server;
    if (!server || server.exit) return;
    if (signal === 'SIGKILL') this.#server = undefined; // An end that was asked for.
    server.signalAll(signal);
    if (signal === 'SIGKILL') await server.exited;
  }

  start(): Promise<void> {
    this.#starting ??= this.#restart().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async end(timeoutMs: number): Promise<void> {
    // Interrupt: the one signal that Docker's client hands on and that ends Redis without a snapshot.
    await this.#server?.end('SIGINT', timeoutMs);
  }

  async #restart(): Promise<void> {
    if (this.pid === undefined) await this.launch(new Deadline(restartTimeoutMs), this.port);
  }

  async #spawn(port?: number): Promise<ServerProcess> {
    const { program, workplace, identity } = this.#place;
    const settings = await this.#options.settings();
    this.#settings = { port: String(port ?? (await freePort())), ...settings };
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    giveTo(identity, this.#directory);
    this.#server = new ServerProcess({
      command: program.command,
      args: program.source === 'docker' ? dockerArgs(this.#settings) : this.#localArgs(),
      cwd: this.#directory,
      env: programEnv(program),
      identity,
      logFile: this.#logFile,
      guard: workplace.guard,
    });
    return this.#server;
  }

  /** Redis reads its key as its own user, which may not read the caller's. */
  #tlsSettings(tls: ServerCertificates): RedisSettings {
    const files = {
      'tls-cert-file': [tls.certPath, 'redis.crt'],
      'tls-key-file': [tls.keyPath, 'redis.key'],
      'tls-ca-cert-file': [tls.caPath, 'ca.crt'],
    } as const;
    for (const [from, name] of Object.values(files)) {
      const file = join(this.#directory, name);
      copyFileSync(from, file);
      giveTo(this.#place.identity, file);
    }
    const { port = '', ...rest } = this.#settings;
    return {
      // Names without a folder: Redis goes to its own before it reads them.
      ...Object.fromEntries(Object.entries(files).map(([setting, [, name]]) => [setting, name])),
      ...rest,
      port: '0',
      'tls-port': port,
      'tls-protocols': 'TLSv1.3',
      // Clients prove themselves by the password.
      'tls-auth-clients': 'no',
      'tls-replication': 'yes',
    };
  }

  /** The settings go into a file, since command lines are public; in its own folder, as a Sentinel rewrites it. */
  #localArgs(): string[] {
    const { tls } = this.#options;
    const settings = {
      loglevel: 'notice',
      ...(tls ? this.#tlsSettings(tls) : this.#settings),
      bind: '127.0.0.1',
      dir: this.#directory,
      daemonize: 'no',
    };
    const file = join(this.#directory, 'redis.conf');
    const lines = Object.entries(settings).map((setting) => `${setting.join(' ')}\n`);
    writeFileSync(file, lines.join(''), { mode: 0o600 });
    giveTo(this.#place.identity, file);
    return this.#options.sentinel ? [file, '--sentinel'] : [file];
  }
}
