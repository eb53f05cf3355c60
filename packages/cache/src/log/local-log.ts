import type { Clock } from '@unite/core';
import { LRUCache } from 'lru-cache';
import type { InvalidationLog, LogCheck, LogInvalidation } from './log-types';
import type { LogView } from './log-view';
import { everything } from './names';

interface Invalidation {
  readonly position: number;
  readonly atMs: number;
  readonly token: string | undefined;
}

/** Invalidations that are remembered, of the names invalidated last. */
const maxRemembered = 10_000;

/** The log of a process that caches alone. */
export class LocalLog implements InvalidationLog {
  readonly #view: LogView;
  readonly #clock: Clock;
  readonly #last: LRUCache<string, Invalidation>;
  /** What was forgotten is not later than this. */
  #forgottenUntil = 0;

  constructor(view: LogView, clock: Clock) {
    this.#view = view;
    this.#clock = clock;
    this.#last = new LRUCache({
      max: maxRemembered,
      dispose: ({ position }, _, reason) => {
        if (reason === 'evict') this.#forgottenUntil = Math.max(this.#forgottenUntil, position);
      },
    });
  }

  async check(names: readonly string[]): Promise<LogCheck> {
    const askedAtMs = this.#clock.monotonicMs();
    const last = this.#lastOf(names);
    return {
      stamp: this.#view.position,
      invalidatedAt: Math.max(
        last?.position ?? 0,
        this.#last.peek(everything)?.position ?? 0,
        this.#forgottenUntil,
      ),
      invalidatedMsAgo: last ? askedAtMs - last.atMs : Number.POSITIVE_INFINITY,
      token: last?.token,
      askedAtMs,
    };
  }

  /** What is told here is taken at once. */
  pendingToken(): undefined {}

  /** There is nobody else whose invalidations could be read. */
  follow(): void {}

  /** There is no layer whose entries could be judged. */
  recall(): undefined {}

  async invalidate(
    names: readonly string[],
    { token, unless }: Parameters<InvalidationLog['invalidate']>[1] = {},
  ): Promise<LogInvalidation> {
    if (unless) {
      const position = Math.max(...unless.names.map((name) => this.#last.peek(name)?.position ?? 0));
      if (Math.max(position, this.#forgottenUntil) > unless.after) return { acknowledged: true, names: [] };
    }
    this.#view.invalidateNow(names);
    const { position } = this.#view;
    const atMs = this.#clock.monotonicMs();
    for (const name of names) this.#last.set(name, { position, atMs, token });
    return { acknowledged: true, position, names };
  }

  #lastOf(names: readonly string[]): Invalidation | undefined {
    let last: Invalidation | undefined;
    for (const name of names) {
      const found = name === everything ? undefined : this.#last.peek(name);
      if (found && found.position > (last?.position ?? 0)) last = found;
    }
    return last;
  }
}
