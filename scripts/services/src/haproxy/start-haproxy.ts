import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Deadline } from '../deadline';
import { ServicesError } from '../errors';
import { freePort } from '../plain/free-port.mjs';
import { giveTo } from '../process/give-to';
import { runCommand } from '../process/run-command';
import { type ServerIdentity, serverIdentity } from '../process/server-identity';
import { ServerProcess, tailOf } from '../process/server-process';
import { programEnv } from '../tools/program';
import { toolsDirectory } from '../tools/tools-directory';
import type { CloseOptions, HaproxyOptions, HaproxyService } from '../types';
import { openWorkplace, type Workplace } from '../workplace';
import { askHaproxy } from './ask-haproxy';
import { findHaproxy, type HaproxyProgram } from './find-haproxy';

/**
 * Starts an HAProxy with the caller's configuration: from PATH, unpacked from Debian's package without
 * installing it, or installed by apt (root only).
 *
 * HAProxy checks the configuration first. The server stays in the foreground and ends with this process,
 * however it ends.
 *
 * @throws ServicesError `HAPROXY_UNAVAILABLE`, `HAPROXY_FAILED`, `INVALID_OPTION` with HAProxy's own words
 * @example
 * await using haproxy = await startHaproxy({
 *   config: ({ port, socketPath }) => `
 * global
 *   stats socket ${socketPath} mode 600 level admin
 * defaults
 *   mode http
 *   timeout connect 1s
 *   timeout client 30s
 *   timeout server 30s
 * listen app
 *   bind 127.0.0.1:${port}
 *   server blue 127.0.0.1:3000 check
 * `,
 * });
 * await haproxy.command('set server app/blue weight 10');
 */
export async function startHaproxy(options: HaproxyOptions): Promise<HaproxyService> {
  const identity = serverIdentity();
  const program = await findHaproxy(toolsDirectory(options.toolsDirectory, identity), options);
  options.onProgress?.(`Starting HAProxy (${program.source})…`);
  const haproxy = new LocalHaproxy(options, program, openWorkplace('haproxy', undefined, identity), identity);
  try {
    await haproxy.launch(new Deadline(options.timeoutMs ?? 120_000, options.signal));
    return haproxy;
  } catch (error) {
    await haproxy.close();
    throw error;
  }
}

class LocalHaproxy implements HaproxyService {
  readonly source: HaproxyService['source'];
  readonly socketPath: string;
  readonly #options: HaproxyOptions;
  readonly #program: HaproxyProgram;
  readonly #workplace: Workplace;
  readonly #identity: ServerIdentity | undefined;
  readonly #configFile: string;
  readonly #logFile: string;
  #port = 0;
  #server: ServerProcess | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    options: HaproxyOptions,
    program: HaproxyProgram,
    workplace: Workplace,
    identity: ServerIdentity | undefined,
  ) {
    this.#options = options;
    this.#program = program;
    this.#workplace = workplace;
    this.#identity = identity;
    this.source = program.source;
    this.#configFile = join(workplace.directory, 'haproxy.cfg');
    this.#logFile = join(workplace.directory, 'haproxy.log');
    this.socketPath = join(workplace.directory, 'admin.sock');
    // It makes its socket here, as the user that it runs as.
    giveTo(identity, workplace.directory);
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number | undefined {
    return this.#server?.exit ? undefined : this.#server?.pid;
  }

  logTail(): string {
    return tailOf(this.#logFile);
  }

  command(line: string): Promise<string> {
    return askHaproxy(this.socketPath, line);
  }

  async launch(deadline: Deadline): Promise<void> {
    let attempt = 1;
    for (;;) {
      await this.#configure(deadline);
      const server = this.#spawn();
      const ready = await deadline.poll(async () =>
        server.exit ? 'ended' : (await accepts(this.port)) && 'ready',
      );
      if (ready === 'ready') {
        void server.exited.then((exit) => this.#closing ?? this.#options.onExit?.(exit));
        return;
      }
      const tail = this.logTail();
      // A port that was free a moment ago may be taken by now.
      if (ready !== 'ended' || attempt === 5 || !/cannot bind/i.test(tail)) {
        const reason = ready ?? `timed out: nothing listens on 127.0.0.1:${this.port}`;
        throw new ServicesError('HAPROXY_FAILED', `HAProxy did not start (${reason}):\n${tail}`);
      }
      attempt += 1;
    }
  }

  close({ timeoutMs = 5_000 }: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#end(timeoutMs);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #configure({ signal }: Deadline): Promise<void> {
    this.#port = await freePort();
    const text = this.#options.config({ port: this.#port, socketPath: this.socketPath });
    // It refuses a last line without its end.
    writeFileSync(this.#configFile, `${text.trimEnd()}\n`, { mode: 0o600 });
    giveTo(this.#identity, this.#configFile);
    const { code, output } = await runCommand(this.#program.command, ['-c', '-f', this.#configFile], {
      cwd: this.#workplace.directory,
      env: programEnv(this.#program),
      identity: this.#identity,
      timeoutMs: 10_000,
      signal,
    });
    if (code === 0) return;
    throw new ServicesError(
      'INVALID_OPTION',
      `option "config" is not one that HAProxy takes:\n${output.trim()}`,
    );
  }

  #spawn(): ServerProcess {
    this.#server = new ServerProcess({
      command: this.#program.command,
      // In the foreground and without a master, whatever the configuration says.
      args: ['-db', '-f', this.#configFile],
      cwd: this.#workplace.directory,
      env: programEnv(this.#program),
      identity: this.#identity,
      logFile: this.#logFile,
      guard: this.#workplace.guard,
    });
    return this.#server;
  }

  async #end(timeoutMs: number): Promise<void> {
    await this.#server?.end('SIGTERM', timeoutMs);
    this.#workplace.leave();
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.setTimeout(500, () => finish(false));
  });
}
