import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Programs } from './debian-programs';
import { type MemberConfig, patroniConfig } from './patroni-config';
import { commandLineOf, processesIn, signalAll, startServer, tailOf } from './processes';
import type { Workplace } from './workplace';

/** What a member's REST API says of it. */
export interface MemberReport {
  /** `primary` (`master` before Patroni 4), `replica`, `sync_standby`, … */
  readonly role: string;
  /** `running`, `streaming`, `starting`, `stopped`, … */
  readonly state: string;
  readonly timeline?: number | undefined;
  /** Missing when etcd cannot be reached. */
  readonly dcsLastSeen?: number | undefined;
}

/** One machine of a Patroni cluster: Patroni, its PostgreSQL, and all they start. */
export class PatroniMember {
  readonly name: string;
  readonly port: number;
  /** Of the application's role. */
  readonly url: string;
  readonly superuserUrl: string;
  readonly restUrl: string;
  readonly #config: MemberConfig;
  readonly #programs: Programs;
  readonly #identity: Workplace['identity'];

  constructor(config: MemberConfig, programs: Programs, identity: Workplace['identity']) {
    const { name, port, restPort, passwords } = config;
    this.name = name;
    this.port = port;
    this.url = `postgres://app:${passwords.app}@127.0.0.1:${port}/app`;
    this.superuserUrl = `postgres://postgres:${passwords.postgres}@127.0.0.1:${port}/postgres`;
    this.restUrl = `http://127.0.0.1:${restPort}`;
    this.#config = config;
    this.#programs = programs;
    this.#identity = identity;
  }

  /** Starts Patroni, which starts PostgreSQL. Returns at once. */
  start(): void {
    const file = this.#configFile;
    writeFileSync(file, patroniConfig(this.#config), { mode: 0o600 });
    if (this.#identity) chownSync(file, this.#identity.uid, this.#identity.gid);
    startServer({
      // By the system's Python, for which the packages are built; `env python3` may be another.
      command: '/usr/bin/python3',
      args: [this.#programs.patroni, file],
      cwd: this.#config.directory,
      env: this.#programs.env,
      identity: this.#identity,
      logFile: this.#logFile,
    });
  }

  /** Signals the whole machine: Patroni and every process of PostgreSQL. */
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    return signalAll(this.#config.directory, signal);
  }

  /** Signals Patroni alone: PostgreSQL goes on as what it is, with nobody to demote it. */
  killPatroni(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    const { directory } = this.#config;
    for (const pid of processesIn(directory)) {
      if (commandLineOf(pid).includes(this.#configFile)) process.kill(pid, signal);
    }
  }

  /** What it is, asked of PostgreSQL by Patroni at this moment; `undefined` when it does not answer. */
  async report(): Promise<MemberReport | undefined> {
    try {
      const response = await fetch(`${this.restUrl}/patroni`, { signal: AbortSignal.timeout(1_000) });
      const body = (await response.json()) as MemberReport & { dcs_last_seen?: number };
      return { ...body, dcsLastSeen: body.dcs_last_seen };
    } catch {
      return undefined;
    }
  }

  /** Whether one of the health-check endpoints answers 200, such as `/primary` or `/sync`. */
  async is(endpoint: 'primary' | 'replica' | 'sync'): Promise<boolean> {
    try {
      const response = await fetch(`${this.restUrl}/${endpoint}`, { signal: AbortSignal.timeout(1_000) });
      await response.body?.cancel();
      return response.status === 200;
    } catch {
      return false;
    }
  }

  /** The end of its log, for errors. */
  tail(): string {
    return tailOf(this.#logFile);
  }

  /** Everything that Patroni and PostgreSQL wrote to it so far. */
  log(): string {
    return tailOf(this.#logFile, Number.POSITIVE_INFINITY);
  }

  get #configFile(): string {
    return join(this.#config.directory, 'patroni.yml');
  }

  get #logFile(): string {
    return join(this.#config.directory, 'patroni.log');
  }
}
