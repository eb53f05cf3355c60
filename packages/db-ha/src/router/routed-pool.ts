import { openChannel } from '@unite/shared';
import type { ReadOptions } from '../types';
import type { DriverClient, DriverPool } from './driver-types';
import { isReplicaRefusal } from './is-replica-refusal';
import { LazyClient } from './lazy-client';
import { answer, type Callback, readQueryCall } from './query-call';
import type { Route, RouteMessage } from './types';

const channel = openChannel('unite:db-ha:route');

type Listener = (...args: unknown[]) => void;

/** The cluster, as the routed pool calls it. */
export interface DriverCluster extends DriverPool {
  readOnly(options?: ReadOptions): DriverPool;
  end(...args: unknown[]): unknown;
  on(event: string | symbol, listener: Listener): unknown;
  once(event: string | symbol, listener: Listener): unknown;
  removeListener(event: string | symbol, listener: Listener): unknown;
  removeAllListeners(event?: string | symbol): unknown;
  listenerCount(event: string | symbol): number;
  emit(event: string | symbol, ...args: unknown[]): boolean;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly expiredCount?: number;
  readonly ending?: boolean;
  readonly ended?: boolean;
  readonly options?: unknown;
}

/** What a routed pool is made of. */
export interface RoutedPoolParts {
  readonly cluster: DriverCluster;
  readonly reads: ReadOptions | undefined;
  readonly classify: (text: string) => Route;
  /** Remembers that a replica refused this text. */
  readonly refuse: (text: string) => void;
}

/**
 * A pool that splits by itself. Its name is part of the contract: Drizzle knows a pool by the word `Pool` in
 * the name of its class, and would otherwise run a transaction over several connections.
 */
export class RoutedPool {
  readonly #cluster: DriverCluster;
  readonly #parts: RoutedPoolParts;

  constructor(parts: RoutedPoolParts) {
    this.#cluster = parts.cluster;
    this.#parts = parts;
  }

  query(...args: unknown[]): unknown {
    const call = readQueryCall(args);
    if (!this.#isRead(call.text)) return this.#cluster.query(...args);
    return answer(
      this.#read(call.text, call.args, () => this.#cluster.query(...call.args)),
      call.callback,
    );
  }

  connect(
    callback?: (error: undefined, client: LazyClient, release: DriverClient['release']) => void,
  ): unknown {
    const client = new LazyClient({
      connect: () => this.#cluster.connect(),
      isRead: (text) => this.#isRead(text),
      read: (text, args, onPrimary) => this.#read(text, args, onPrimary),
    });
    if (!callback) return Promise.resolve(client);
    process.nextTick(callback, undefined, client, (error?: Error | boolean) => client.release(error));
    return undefined;
  }

  end(callback?: Callback): unknown {
    return callback ? this.#cluster.end(callback) : this.#cluster.end();
  }

  on(event: string | symbol, listener: Listener): this {
    this.#cluster.on(event, listener);
    return this;
  }

  addListener(event: string | symbol, listener: Listener): this {
    return this.on(event, listener);
  }

  once(event: string | symbol, listener: Listener): this {
    this.#cluster.once(event, listener);
    return this;
  }

  removeListener(event: string | symbol, listener: Listener): this {
    this.#cluster.removeListener(event, listener);
    return this;
  }

  off(event: string | symbol, listener: Listener): this {
    return this.removeListener(event, listener);
  }

  removeAllListeners(event?: string | symbol): this {
    this.#cluster.removeAllListeners(event);
    return this;
  }

  listenerCount(event: string | symbol): number {
    return this.#cluster.listenerCount(event);
  }

  emit(event: string | symbol, ...args: unknown[]): boolean {
    return this.#cluster.emit(event, ...args);
  }

  get totalCount(): number {
    return this.#cluster.totalCount;
  }

  get idleCount(): number {
    return this.#cluster.idleCount;
  }

  get waitingCount(): number {
    return this.#cluster.waitingCount;
  }

  get expiredCount(): number | undefined {
    return this.#cluster.expiredCount;
  }

  get ending(): boolean | undefined {
    return this.#cluster.ending;
  }

  get ended(): boolean | undefined {
    return this.#cluster.ended;
  }

  get options(): unknown {
    return this.#cluster.options;
  }

  #isRead(text: string | undefined): text is string {
    const route: Route =
      text === undefined ? { target: 'primary', reason: 'no text' } : this.#parts.classify(text);
    if (channel?.hasSubscribers) {
      const message: RouteMessage = {
        target: route.target,
        reason: route.target === 'primary' ? route.reason : undefined,
      };
      channel.publish(message);
    }
    return route.target === 'replica';
  }

  async #read(text: string, args: readonly unknown[], onPrimary: () => unknown): Promise<unknown> {
    try {
      return await this.#cluster.readOnly(this.#parts.reads).query(...args);
    } catch (error) {
      if (!isReplicaRefusal(error)) throw error;
      this.#parts.refuse(text);
      return onPrimary();
    }
  }
}
