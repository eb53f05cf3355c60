import { randomUUID } from 'node:crypto';
import type { Clock } from '@unite/core';
import type { Use } from '../types';
import type { Part } from './ask';
import type { Charges } from './charges';
import type { Recorder } from './recorder';

/** Subjects that owe something, and their periods, at most. */
const owingMax = 10_000;
/** Between two tries, in milliseconds. */
const retryMs = 500;
/** How long a payment is known, so that one whose answer was lost is not made twice, in milliseconds. */
const rememberMs = 3_600_000;

interface Debt {
  readonly part: Part;
  readonly use: Use;
  /** When it was used, by the store's clock: it belongs to the periods of then. */
  readonly atMs: number;
}

/** What passed while the store could not be asked, and no ledger knows of: it is charged when the store is back. */
export class Arrears {
  readonly #charges: Charges;
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #debts = new Map<string, Debt>();
  /** Tried, perhaps in vain. */
  readonly #payments = new Map<string, Debt & { readonly id: string }>();
  readonly #closing = new AbortController();
  #paying: Promise<void> | undefined;

  constructor(charges: Charges, clock: Clock, recorder: Recorder) {
    this.#charges = charges;
    this.#clock = clock;
    this.#recorder = recorder;
  }

  get owing(): number {
    return this.#debts.size + this.#payments.size;
  }

  add(parts: readonly Part[], use: Use, atMs: number): void {
    if (!Object.values(use).some((amount) => amount > 0)) return;
    for (const part of parts) {
      const key = keyOf(part, atMs);
      const debt = this.#debts.get(key);
      if (this.#closing.signal.aborted || (!debt && this.owing >= owingMax)) {
        this.#recorder.lose({ amounts: use }, this.#closing.signal.aborted ? 'closed' : 'queue-full');
        continue;
      }
      this.#debts.set(key, { part, use: sumOf(use, debt?.use), atMs });
    }
    this.#paying ??= this.#pay().finally(() => {
      this.#paying = undefined;
    });
  }

  /** Tries once more, until `enough`. @returns how many debts are left, which are lost */
  async close(enough: Promise<void>): Promise<number> {
    this.#closing.abort();
    await Promise.race([this.#payLast(), enough]);
    const left = [...this.#debts.values(), ...this.#payments.values()];
    for (const { use } of left) this.#recorder.lose({ amounts: use }, 'closed');
    this.#debts.clear();
    this.#payments.clear();
    return left.length;
  }

  async #payLast(): Promise<void> {
    await this.#paying;
    await this.#payAll();
    await this.#payAll();
  }

  async #pay(): Promise<void> {
    while (this.owing > 0 && !this.#closing.signal.aborted) {
      await this.#clock.sleep(retryMs, this.#closing.signal).catch(() => undefined);
      if (!this.#closing.signal.aborted) await this.#payAll();
    }
  }

  async #payAll(): Promise<void> {
    for (const [key, debt] of this.#debts) {
      if (this.#payments.has(key)) continue;
      this.#debts.delete(key);
      this.#payments.set(key, { ...debt, id: `arrears:${randomUUID()}` });
    }
    for (const [key, { part, use, id, atMs }] of [...this.#payments]) {
      const event = { id, fingerprint: '', rememberMs };
      const isPaid = await this.#charges.charge(part, use, event, atMs).then(
        () => true,
        () => false,
      );
      if (isPaid) this.#payments.delete(key);
    }
  }
}

/** What was used in the same periods is charged together. */
function keyOf({ subject, sets }: Part, atMs: number): string {
  const ends = sets.at(atMs).periods.map((period) => period?.endAtMs ?? 0);
  return `${subject}|${ends.join()}`;
}

function sumOf(one: Use, other: Use = {}): Use {
  const units = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...units].map((unit) => [
      unit,
      Math.min(Number.MAX_SAFE_INTEGER, (one[unit] ?? 0) + (other[unit] ?? 0)),
    ]),
  );
}
