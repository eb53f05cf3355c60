import { randomBytes } from 'node:crypto';
import { chownSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Deadline } from '../deadline';
import { ServicesError } from '../errors';
import { freePort } from '../plain/free-port.mjs';
import { type ServerIdentity, serverIdentity } from '../process/server-identity';
import { ServerProcess, tailOf } from '../process/server-process';
import { workDirectory } from '../process/work-directory';
import type { CloseOptions, RedisOptions, RedisService } from '../types';
import { openWorkplace, type Workplace } from '../workplace';
import { findRedis } from './find-redis';
import { answersPing } from './ping';
import type { RedisProgram } from './redis-program';

/**
 * Starts a Redis that keeps nothing on disk: from PATH, unpacked from Debian's package without installing
 * it, installed by apt (root only), or in Docker.
 *
 * It listens on 127.0.0.1 alone, with a generated password, and ends with this process, however it ends.
 *
 * @throws ServicesError `REDIS_UNAVAILABLE`, `REDIS_FAILED`
 * @example
 * await using redis = await startRedis();
 * const client = await createClient({ url: redis.url }).connect();
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisService> {
  const identity = serverIdentity();
  const tools = workDirectory(
    options.toolsDirectory ?? join(tmpdir(), `unite-tools-${process.getuid?.() ?? 0}`),
    identity,
  );
  const program = await findRedis(tools, options);
  const workplace = openWorkplace('redis', options.directory, identity);
  const redis = new LocalRedis(program, workplace, identity, options);
  try {
    await redis.start();
    return redis;
  } catch (error) {
    await redis.close();
    throw error;
  }
}

class LocalRedis implements RedisService {
  readonly source: RedisService['source'];
  readonly #program: RedisProgram;
  readonly #workplace: Workplace;
  readonly #identity: ServerIdentity | undefined;
  readonly #options: RedisOptions;
  readonly #password = randomBytes(18).toString('base64url');
  #port = 0;
  #server: ServerProcess | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    program: RedisProgram,
    workplace: Workplace,
    identity: ServerIdentity | undefined,
    options: RedisOptions,
  ) {
    this.source = program.source;
    this.#program = program;
    this.#workplace = workplace;
    // Docker's client talks to an engine that only this user may be allowed to reach.
    this.#identity = program.source === 'docker' ? undefined : identity;
    this.#options = options;
  }

  get url(): string {
    return `redis://:${this.#password}@127.0.0.1:${this.#port}`;
  }

  get pid(): number | undefined {
    return this.#server?.exit ? undefined : this.#server?.pid;
  }

  close({ timeoutMs = 5_000 }: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#end(timeoutMs);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async start(): Promise<void> {
    const { onProgress, signal, onExit } = this.#options;
    onProgress?.(`Starting Redis (${this.source})…`);
    // Docker may have to fetch the image first.
    const deadline = new Deadline(
      this.#options.timeoutMs ?? (this.source === 'docker' ? 180_000 : 30_000),
      signal,
    );
    rmSync(this.#logFile, { force: true });
    for (let attempt = 1; ; attempt += 1) {
      const server = await this.#spawn();
      const ready = await deadline.poll(async () =>
        server.exit ? 'ended' : (await answersPing(this.url)) && 'ready',
      );
      if (ready === 'ready') {
        void server.exited.then((exit) => this.#closing ?? onExit?.(exit));
        return;
      }
      const tail = tailOf(this.#logFile);
      // A port that was free a moment ago may be taken by now.
      if (ready === 'ended' && attempt < 5 && /in use|already allocated/.test(tail)) continue;
      throw new ServicesError('REDIS_FAILED', `Redis did not start (${ready ?? 'timed out'}):\n${tail}`);
    }
  }

  get #logFile(): string {
    return join(this.#workplace.directory, 'redis.log');
  }

  async #spawn(): Promise<ServerProcess> {
    this.#port = await freePort();
    const { directory, guard } = this.#workplace;
    this.#server = new ServerProcess({
      command: this.#program.command,
      args: this.source === 'docker' ? this.#dockerArgs() : [this.#writeConfig()],
      cwd: directory,
      env: { ...process.env, ...(this.#program.libraries && { LD_LIBRARY_PATH: this.#program.libraries }) },
      identity: this.#identity,
      logFile: this.#logFile,
      guard,
    });
    return this.#server;
  }

  #settings(port: number): Record<string, string | number> {
    return { port, requirepass: this.#password, save: '""', appendonly: 'no' };
  }

  /** In a file, since command lines are public. */
  #writeConfig(): string {
    const { directory } = this.#workplace;
    const settings = {
      ...this.#settings(this.#port),
      bind: '127.0.0.1',
      dir: directory,
      daemonize: 'no',
      loglevel: 'notice',
    };
    const file = join(directory, 'redis.conf');
    writeFileSync(
      file,
      Object.entries(settings)
        .map((setting) => `${setting.join(' ')}\n`)
        .join(''),
      { mode: 0o600 },
    );
    if (this.#identity) chownSync(file, this.#identity.uid, this.#identity.gid);
    return file;
  }

  #dockerArgs(): string[] {
    const settings = Object.entries(this.#settings(6379)).flatMap(([name, value]) => [
      `--${name}`,
      String(value).replace('""', ''),
    ]);
    // Attached, so that the container ends with its client.
    return [
      'run',
      '--rm',
      '-p',
      `127.0.0.1:${this.#port}:6379`,
      'redis:7-alpine',
      'redis-server',
      ...settings,
    ];
  }

  async #end(timeoutMs: number): Promise<void> {
    // Interrupt: the one signal that Docker's client hands on and that ends Redis without a snapshot.
    await this.#server?.end('SIGINT', timeoutMs);
    this.#workplace.leave();
  }
}
