import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deadline } from '../deadline';
import { ServicesError } from '../errors';
import { freePort } from '../plain/free-port.mjs';
import { ServerProcess, tailOf } from '../process/server-process';
import { programEnv } from '../tools/program';
import type { CloseOptions } from '../types';
import { openWorkplace, type Workplace } from '../workplace';
import type { MonitoringOptions, MonitoringService } from './prometheus-types';
import type { AlertmanagerProgram } from './relocated-alertmanager';

/** Arguments of a server that listens on a port of 127.0.0.1. */
type Arguments = (port: number, configFile: string, directory: string) => readonly string[];

/** Starts a server of the Prometheus family, and waits until it is ready. */
export async function startMonitoring(
  name: string,
  program: AlertmanagerProgram,
  options: MonitoringOptions,
  args: Arguments,
): Promise<MonitoringService> {
  options.onProgress?.(`Starting ${name}…`);
  const server = new LocalMonitoring(name, options, openWorkplace(name, undefined, undefined));
  try {
    await server.launch(program, args, new Deadline(options.timeoutMs ?? 30_000, options.signal));
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

class LocalMonitoring implements MonitoringService {
  readonly #name: string;
  readonly #options: MonitoringOptions;
  readonly #workplace: Workplace;
  readonly #logFile: string;
  #port = 0;
  #server: ServerProcess | undefined;
  #closing: Promise<void> | undefined;

  constructor(name: string, options: MonitoringOptions, workplace: Workplace) {
    this.#name = name;
    this.#options = options;
    this.#workplace = workplace;
    this.#logFile = join(workplace.directory, `${name}.log`);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number | undefined {
    return this.#server?.exit ? undefined : this.#server?.pid;
  }

  get directory(): string {
    return this.#workplace.directory;
  }

  logTail(): string {
    return tailOf(this.#logFile);
  }

  async launch(program: AlertmanagerProgram, args: Arguments, deadline: Deadline): Promise<void> {
    const { config, files = {} } = this.#options;
    for (const [file, text] of Object.entries({ ...files, 'config.yml': config })) {
      writeFileSync(join(this.directory, file), text, { mode: 0o600 });
    }
    let attempt = 1;
    for (;;) {
      this.#port = await freePort();
      const server = this.#spawn(program, args);
      const ready = await deadline.poll(async () =>
        server.exit ? 'ended' : (await isReady(this.url)) && 'ready',
      );
      if (ready === 'ready') {
        void server.exited.then((exit) => this.#closing ?? this.#options.onExit?.(exit));
        return;
      }
      // A port that was free a moment ago may be taken by now.
      if (ready !== 'ended' || attempt === 5 || !/address already in use/i.test(this.logTail())) {
        throw new ServicesError(
          'PROMETHEUS_FAILED',
          `${this.#name} did not start (${ready ?? 'timed out'}):\n${this.logTail()}`,
        );
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

  #spawn(program: AlertmanagerProgram, args: Arguments): ServerProcess {
    this.#server = new ServerProcess({
      command: program.command,
      args: args(this.#port, join(this.directory, 'config.yml'), this.directory),
      cwd: program.cwd ?? this.directory,
      env: programEnv(program),
      identity: undefined,
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

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(500) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
