import type { Clock } from '@unite/core';
import type { QuotaLossReason } from '../channel-types';
import { publishHealth, publishLost } from '../channels';
import { QuotaError } from '../errors';
import type { AppendOutcome, LedgerEvent, QuotaLedger } from '../ledger/ledger-types';
import type { Part } from './ask';
import type { Counts } from './counts';
import type { Rehydrator } from './rehydrator';

/** Events that wait to be written down, at most. */
const waitingMax = 10_000;
/** Between two tries while the ledger is down, in milliseconds. */
const retryMs = 500;

/** Something to write down, and whose counts it is in. */
export interface Entry {
  readonly event: LedgerEvent;
  readonly part: Part;
  /** Under which the store counted it; `undefined` where it did not. */
  readonly epoch: number | undefined;
}

/** Writes down what was decided, so that nothing is lost that can be kept. */
export class Recorder {
  readonly #ledger: QuotaLedger | undefined;
  readonly #rehydrator: Rehydrator;
  readonly #clock: Clock;
  readonly #counts: Counts;
  readonly #name: string;
  readonly #closing = new AbortController();
  readonly #waiting = new Set<Entry>();
  readonly #failed: Entry[] = [];
  #retrying: Promise<void> | undefined;
  #isUp = true;
  #onEmpty: (() => void) | undefined;

  constructor(
    ledger: QuotaLedger | undefined,
    rehydrator: Rehydrator,
    clock: Clock,
    counts: Counts,
    name: string,
  ) {
    this.#ledger = ledger;
    this.#rehydrator = rehydrator;
    this.#clock = clock;
    this.#counts = counts;
    this.#name = name;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /**
   * Writes it now. What no store has counted makes the counts doubtful, once it is there: earlier they could be taken
   * without it.
   *
   * @throws whatever the ledger does: then nobody knows whether it is there
   */
  async append({ event, part, epoch }: Entry): Promise<AppendOutcome> {
    try {
      const outcome = (await this.#ledger?.append(event, epoch)) ?? 'stored';
      this.#heard(true);
      const isCounted = event.kind === 'refused' || epoch !== undefined;
      if (!isCounted) this.#rehydrator.suspect(part, event.tenantId);
      return outcome;
    } catch (error) {
      this.#heard(false, error);
      throw error;
    }
  }

  /** Writes it as soon as possible, again and again; what was used is written down whatever the epoch. */
  write(entry: Entry): void {
    if (!this.#ledger) return;
    if (this.#waiting.size >= waitingMax || this.#closing.signal.aborted) {
      this.lose(entry.event, this.#closing.signal.aborted ? 'closed' : 'queue-full');
      return;
    }
    this.#waiting.add(entry);
    void this.#write(entry);
  }

  lose(event: Pick<LedgerEvent, 'amounts'>, reason: QuotaLossReason): void {
    this.#counts.lost += 1;
    publishLost({ quota: this.#name, reason, use: event.amounts });
  }

  /** Waits until everything is written, or for `enough`. @returns how much was not, which is lost */
  async drain(enough: Promise<void>): Promise<number> {
    await Promise.race([this.#emptied(), enough]);
    this.#closing.abort();
    const left = [...this.#waiting];
    for (const { event } of left) this.lose(event, 'closed');
    this.#waiting.clear();
    return left.length;
  }

  async #emptied(): Promise<void> {
    if (this.#waiting.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  #done(entry: Entry): void {
    this.#waiting.delete(entry);
    if (this.#waiting.size === 0) this.#onEmpty?.();
  }

  async #write(entry: Entry): Promise<void> {
    const { part, event } = entry;
    try {
      const outcome = await this.append(entry);
      // The counts were replaced without it: it is written all the same, and they are replaced once more.
      if (outcome === 'stale') await this.append({ ...entry, epoch: undefined });
      // The store has charged twice what is here once, or what is not here at all.
      if (outcome === 'repeated' || outcome === 'reused') {
        this.#rehydrator.suspect(part, event.tenantId, 'too-high');
      }
      if (outcome === 'reused') {
        this.#counts.reusedIds += 1;
        this.lose(event, 'refused');
      }
      this.#done(entry);
    } catch (error) {
      if (isMistake(error)) {
        this.lose(event, 'refused');
        this.#done(entry);
        return;
      }
      this.#failed.push(entry);
      this.#retrying ??= this.#retry().finally(() => {
        this.#retrying = undefined;
      });
    }
  }

  async #retry(): Promise<void> {
    while (this.#failed.length > 0 && !this.#closing.signal.aborted) {
      await this.#clock.sleep(retryMs, this.#closing.signal).catch(() => undefined);
      const again = this.#failed.splice(0).filter((entry) => this.#waiting.has(entry));
      await Promise.all(again.map((entry) => this.#write(entry)));
    }
  }

  #heard(isUp: boolean, error?: unknown): void {
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    publishHealth({
      quota: this.#name,
      part: 'ledger',
      state: isUp ? 'up' : 'down',
      ...(isUp ? {} : { error }),
    });
  }
}

/** What the ledger will never take. */
function isMistake(error: unknown): boolean {
  return (
    QuotaError.isInstance(error) &&
    error.code !== 'UNITE_QUOTA_UNAVAILABLE' &&
    error.code !== 'UNITE_QUOTA_CLOSED'
  );
}
