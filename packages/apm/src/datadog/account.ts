import type { DropReason, SinkStats } from '../sink-types';

/** What became of everything that was handed over. Nothing leaves the queue but by {@link settle}. */
export class Account {
  readonly #dropped: Partial<Record<DropReason, number>> = {};
  #accepted = 0;
  #sent = 0;
  #queued = 0;

  accept(): void {
    this.#accepted += 1;
    this.#queued += 1;
  }

  settle(items: number, outcome: 'sent' | DropReason): void {
    if (items === 0) return;
    this.#queued -= items;
    if (outcome === 'sent') this.#sent += items;
    else this.#dropped[outcome] = (this.#dropped[outcome] ?? 0) + items;
  }

  /** All that waits, or whose answer is still to come, is given up. */
  closeDown(): void {
    this.settle(this.#queued, 'closed');
  }

  stats(): SinkStats {
    return {
      accepted: this.#accepted,
      sent: this.#sent,
      queued: this.#queued,
      dropped: { ...this.#dropped },
    };
  }
}
