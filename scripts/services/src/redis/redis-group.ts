import { Deadline } from '../deadline';
import { ServicesError } from '../errors';
import type { CloseOptions, RedisService, StartOptions } from '../types';
import { RedisNode, type RedisNodeOptions, type RedisPlace } from './redis-node';

/** The Redis servers of one directory, which end together. */
export class RedisGroup {
  readonly #place: RedisPlace;
  readonly #deadline: Deadline;
  readonly #nodes: RedisNode[] = [];
  #closing: Promise<void> | undefined;

  constructor(place: RedisPlace, { timeoutMs, signal }: StartOptions) {
    this.#place = place;
    // Docker may have to fetch the image first.
    this.#deadline = new Deadline(timeoutMs ?? (this.source === 'docker' ? 180_000 : 120_000), signal);
  }

  get source(): RedisService['source'] {
    return this.#place.program.source;
  }

  /**
   * Starts one more server and waits until it answers.
   *
   * @throws ServicesError `REDIS_FAILED`
   */
  async start({ onExit, ...options }: RedisNodeOptions): Promise<RedisNode> {
    const node = new RedisNode(
      { ...options, onExit: (exit) => this.#closing ?? onExit?.(exit) },
      this.#place,
    );
    this.#nodes.push(node);
    await node.launch(this.#deadline);
    return node;
  }

  /** Starts servers side by side. All have started or failed when it rejects, so that `close` misses none. */
  async startAll(wanted: readonly RedisNodeOptions[]): Promise<RedisNode[]> {
    const starts = wanted.map((options) => this.start(options));
    await Promise.allSettled(starts);
    return Promise.all(starts);
  }

  /**
   * Waits until something is true of the servers; one that does not answer says no.
   *
   * @throws ServicesError `REDIS_FAILED`, with the ends of the logs
   */
  async until(what: string, ask: () => Promise<boolean>): Promise<void> {
    if (await this.#deadline.poll(() => ask().catch(() => false), 50)) return;
    const logs = this.#nodes.map((node) => node.logTail()).join('\n');
    throw new ServicesError('REDIS_FAILED', `Timed out before ${what}:\n${logs}`);
  }

  close({ timeoutMs = 5_000 }: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#end(timeoutMs);
    return this.#closing;
  }

  async #end(timeoutMs: number): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.end(timeoutMs)));
    this.#place.workplace.leave();
  }
}
