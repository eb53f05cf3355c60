import type { CacheScreen } from '../screen-types';
import { cut } from './cut';
import type { Pulse } from './pulse';
import type { Message, Subscriptions } from './subscriptions';

/** Definitions that are told apart; the rest is one. */
const maxDefinitions = 100;
const maxInvalidations = 20;

interface Counted {
  reads: number;
  hits: number;
  loads: number;
  failures: number;
}

/** What `@unite/cache` tells. */
export class CacheWatch {
  readonly byLayer = { memory: 0, remote: 0, load: 0 };
  reads = 0;
  /** As it was told last; `none` where nothing was. */
  state: CacheScreen['state'] = 'none';
  /** The newest first. */
  readonly invalidations: CacheScreen['invalidations'][number][] = [];
  /** Counts up with whatever happened. */
  version = 0;
  readonly #definitions = new Map<string, Counted>();
  readonly #pulse: Pulse;
  readonly #nowMs: () => number;

  constructor(pulse: Pulse, nowMs: () => number) {
    this.#pulse = pulse;
    this.#nowMs = nowMs;
  }

  listen(subscriptions: Subscriptions): void {
    subscriptions.to('unite:cache:hit', (message) => this.#read(message, 'memory'));
    subscriptions.toEndOf('unite:cache:get', (message) => this.#read(message, message.layer));
    subscriptions.toEndOf('unite:cache:load', (message) => {
      const counted = this.#counted(message);
      counted.loads += 1;
      if (message.error !== undefined) counted.failures += 1;
    });
    subscriptions.toEndOf('unite:cache:invalidate', ({ names, acknowledged }) => {
      const line = { atMs: this.#nowMs(), names: Number(names), acknowledged: acknowledged === true };
      this.invalidations.unshift(line);
      this.invalidations.length = Math.min(this.invalidations.length, maxInvalidations);
      this.version += 1;
    });
    subscriptions.to('unite:cache:state', ({ state }) => {
      this.state = state === 'down' ? 'down' : 'up';
      this.version += 1;
    });
  }

  /** The busiest first. */
  definitions(): CacheScreen['definitions'] {
    return [...this.#definitions]
      .map(([name, counted]) => ({ name, ...counted }))
      .sort((one, other) => other.reads - one.reads);
  }

  #read(message: Message, layer: unknown): void {
    const isHit = layer === 'memory' || layer === 'remote';
    this.version += 1;
    this.reads += 1;
    this.#pulse.count('cacheReads');
    const counted = this.#counted(message);
    counted.reads += 1;
    if (isHit || layer === 'load') this.byLayer[layer] += 1;
    if (!isHit) return;
    counted.hits += 1;
    this.#pulse.count('cacheHits');
  }

  #counted({ definition }: Message): Counted {
    const given = cut(definition, 100);
    const name = this.#definitions.has(given) || this.#definitions.size < maxDefinitions ? given : 'other';
    const counted = this.#definitions.get(name) ?? { reads: 0, hits: 0, loads: 0, failures: 0 };
    this.#definitions.set(name, counted);
    return counted;
  }
}
