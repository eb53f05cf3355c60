import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { Deadline } from '../deadline';
import { freePort } from '../plain/free-port.mjs';
import type { ServerIdentity } from '../process/server-identity';
import type { BaseBackup, CloseOptions, PostgresCluster, PostgresNode, PostgresOptions } from '../types';
import type { Workplace } from '../workplace';
import { baseBackup } from './base-backup';
import type { PostgresBinaries } from './binaries';
import { type ClusterState, newClusterState, readClusterState, writeClusterState } from './cluster-state';
import { type CreateDatabaseOptions, createDatabase, makeDataDirectory } from './create-database';
import { copyTemplate, discardTemplate } from './database-template';
import { type Launch, LocalNode } from './local-node';
import { owner } from './server-config';
import { withClient } from './sql';
import { stopStaleServer } from './stop-stale-server';
import { takeBackup } from './take-backup';

/** How long a standby that was there before may take until it streams again; then it is made anew. */
const reuseTimeoutMs = 5_000;

/** Most standbys of one primary. */
export const maxReplicas = 8;

interface ClusterOptions extends PostgresOptions {
  readonly replicas: number;
  readonly identity: ServerIdentity | undefined;
  readonly binaries: PostgresBinaries;
  readonly workplace: Workplace;
}

/** The servers of one directory, and the order in which they come up. */
export class LocalCluster implements PostgresCluster {
  readonly #options: ClusterOptions;
  readonly #deadline: Deadline;
  readonly #nodes: LocalNode[] = [];
  #state: ClusterState;
  #closing: Promise<void> | undefined;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#deadline = new Deadline(options.timeoutMs ?? 120_000, options.signal);
    this.#state = newClusterState(options.binaries.version, options.identity);
  }

  get ca(): string | undefined {
    return this.#options.tls?.ca;
  }

  get archiveDirectory(): string | undefined {
    return this.#options.archive ? join(this.directory, 'archive') : undefined;
  }

  get directory(): string {
    return this.#options.workplace.directory;
  }

  get nodes(): readonly [PostgresNode, ...PostgresNode[]] {
    return [this.#primary, ...this.#replicas];
  }

  get primaryUrl(): string {
    return this.#primary.url;
  }

  get replicaUrls(): readonly string[] {
    return this.#replicas.map((node) => node.url);
  }

  async backup(): Promise<BaseBackup> {
    const { identity, tls } = this.#options;
    return takeBackup(this.#nodes, {
      directory: this.directory,
      archive: this.archiveDirectory,
      identity,
      tls,
    });
  }

  close({ timeoutMs = 5_000 }: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#end(timeoutMs);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Brings everything up; what an earlier run left is used, repaired or replaced, and said. */
  async start(): Promise<void> {
    for (const name of nodeNames(this.#options.replicas)) this.#nodes.push(this.#makeNode(name));
    await this.#endStale();
    this.#openState();
    const kept = this.#hasData(this.#primary) && (await this.#startKeptPrimary());
    if (!kept) await this.#startNewPrimary();
    await this.#startReplicas();
    this.#state = {
      ...this.#state,
      ports: Object.fromEntries(this.#nodes.map(({ name, port }) => [name, port])),
    };
    writeClusterState(this.directory, this.#state);
  }

  get #primary(): LocalNode {
    return this.#nodes[0] as LocalNode;
  }

  get #replicas(): LocalNode[] {
    return this.#nodes.slice(1);
  }

  #makeNode(name: string): LocalNode {
    const {
      binaries,
      identity,
      workplace,
      durable = false,
      tls,
      timeoutMs = 120_000,
      onExit,
    } = this.#options;
    return new LocalNode({
      name,
      role: name === 'primary' ? 'primary' : 'replica',
      directory: join(this.directory, name),
      password: () => this.#state.password,
      durable,
      tls,
      archive: this.archiveDirectory,
      binaries,
      identity,
      guard: workplace.guard,
      timeoutMs,
      upstreamPort: () => this.#primary.port,
      onExit: (node, exit) => this.#closing ?? onExit?.(node, exit),
    });
  }

  async #endStale(): Promise<void> {
    const ended = await Promise.all(
      nodeNames(maxReplicas).map((name) => stopStaleServer(join(this.directory, name))),
    );
    if (ended.includes(true)) this.#say('Ended the database servers that an earlier start left running.');
  }

  #openState(): void {
    const found = readClusterState(this.directory, this.#state);
    if (typeof found === 'object') this.#state = found;
    else if (found) this.#discardAll(found);
  }

  async #startKeptPrimary(): Promise<boolean> {
    this.#say('Starting the PostgreSQL primary…');
    const result = await this.#launch(this.#primary);
    if (result === 'ready') return true;
    // Slow is not broken: only data that the server itself gave up on is thrown away.
    if (result !== 'ended' || /No space left|Cannot allocate memory/.test(this.#primary.logTail())) {
      throw this.#primary.failure(result);
    }
    this.#discardAll(`PostgreSQL cannot recover it:\n${this.#primary.logTail()}`);
    return false;
  }

  async #startNewPrimary(): Promise<void> {
    this.#say('Creating the PostgreSQL primary…');
    if (!this.#options.workplace.ephemeral) {
      await createDatabase(this.#newDatabase());
      await this.#mustLaunch(this.#primary);
    } else if (!(await this.#triedFromTemplate())) {
      discardTemplate(this.#options);
      for (const node of this.#nodes) rmSync(node.directory, { recursive: true, force: true });
      if (!(await this.#startFromTemplate())) throw this.#primary.failure('ended');
    }
    // Renamed and not created: a further database is eight megabytes more to make and to copy.
    await withClient(
      this.#primary.urlOf('template1'),
      (client) => client.query(`ALTER DATABASE postgres RENAME TO ${owner}`),
      this.ca,
    );
  }

  /** A failure may be the template's: copied along with `node_modules`, it belongs to somebody else. */
  async #triedFromTemplate(): Promise<boolean> {
    try {
      return await this.#startFromTemplate();
    } catch {
      this.#options.signal?.throwIfAborted();
      return false;
    }
  }

  /** Whether the copied database started; if not, the template may be to blame. */
  async #startFromTemplate(): Promise<boolean> {
    const password = await copyTemplate(
      this.#newDatabase(),
      this.#replicas.map(({ directory }) => directory),
    );
    this.#state = { ...this.#state, password };
    const result = await this.#launch(this.#primary);
    if (result !== 'ready' && result !== 'ended') throw this.#primary.failure(result);
    return result === 'ready';
  }

  #newDatabase(): CreateDatabaseOptions {
    const { binaries, identity, signal } = this.#options;
    const { password } = this.#state;
    return {
      directory: this.#primary.directory,
      password,
      binaries,
      identity,
      timeoutMs: this.#deadline.remainingMs,
      signal,
    };
  }

  async #startReplicas(): Promise<void> {
    const kept = this.#replicas.filter((node) => this.#hasData(node));
    const missing = this.#replicas.filter((node) => !kept.includes(node));
    await Promise.all([this.#build(missing), ...kept.map((node) => this.#launch(node))]);
    const broken = await this.#notStreaming(kept, new Deadline(reuseTimeoutMs, this.#options.signal));
    for (const node of broken) {
      this.#say(`Rebuilding ${node.name} from the primary: it does not follow any more.`);
      await node.stop('SIGQUIT', 2_000);
      rmSync(node.directory, { recursive: true, force: true });
    }
    await this.#build(broken);
    const [lost] = await this.#notStreaming(this.#replicas, this.#deadline);
    if (lost) throw lost.failure('timed out');
  }

  async #build(nodes: readonly LocalNode[]): Promise<void> {
    if (nodes.length === 0) return;
    this.#say(`Copying the primary into ${nodes.map(({ name }) => name).join(' and ')}…`);
    for (const node of nodes) rmSync(node.directory, { recursive: true, force: true });
    const targets = nodes.map((node) => node.directory);
    const { identity } = this.#options;
    await baseBackup({
      url: this.primaryUrl,
      ca: this.ca,
      directory: this.#primary.directory,
      targets,
      identity,
    });
    await Promise.all(nodes.map((node) => this.#mustLaunch(node)));
  }

  /** The nodes that do not stream from the primary when the time is up, or ended before. */
  async #notStreaming(nodes: readonly LocalNode[], deadline: Deadline): Promise<readonly LocalNode[]> {
    let waiting = nodes;
    const watch = (client: pg.Client) =>
      deadline.poll(async () => {
        const { rows } = await client.query(
          "SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'",
        );
        const streaming = new Set(rows.map((row) => row.application_name));
        waiting = nodes.filter((node) => node.pid === undefined || !streaming.has(node.name));
        return waiting.every((node) => node.pid === undefined);
      });
    await withClient(this.primaryUrl, watch, this.ca);
    return waiting;
  }

  async #mustLaunch(node: LocalNode): Promise<void> {
    const result = await this.#launch(node);
    if (result !== 'ready') throw node.failure(result);
  }

  /** Launches on the port of last time, or on any: one that was free a moment ago may be taken by now. */
  async #launch(node: LocalNode): Promise<Launch> {
    const { archiveDirectory: archive } = this;
    if (archive && !existsSync(archive)) makeDataDirectory(archive, this.#options.identity);
    const preferred = this.#state.ports[node.name];
    let result = await node.launch(await freePort(preferred ? [preferred] : []), this.#deadline);
    for (let attempt = 1; result === 'port taken' && attempt < 5; attempt += 1) {
      result = await node.launch(await freePort(), this.#deadline);
    }
    return result;
  }

  #hasData(node: LocalNode): boolean {
    return existsSync(join(node.directory, node.role === 'replica' ? 'standby.signal' : 'PG_VERSION'));
  }

  #discardAll(reason: string): void {
    this.#say(`Rebuilding the database in ${this.directory} from nothing: ${reason}`);
    rmSync(join(this.directory, 'cluster.json'), { force: true });
    // Of another database: its segments have the same names.
    rmSync(join(this.directory, 'archive'), { recursive: true, force: true });
    for (const name of nodeNames(maxReplicas))
      rmSync(join(this.directory, name), { recursive: true, force: true });
  }

  #say(message: string): void {
    this.#options.onProgress?.(message);
  }

  async #end(timeoutMs: number): Promise<void> {
    const { ephemeral, leave } = this.#options.workplace;
    // Nobody reads an ephemeral directory again, so its servers need not write their memory down.
    await Promise.all(this.#nodes.map((node) => node.stop(ephemeral ? 'SIGQUIT' : 'SIGINT', timeoutMs)));
    leave();
  }
}

/** `primary`, `replica_1`, … */
function nodeNames(replicas: number): string[] {
  return ['primary', ...Array.from({ length: replicas }, (_, index) => `replica_${index + 1}`)];
}
