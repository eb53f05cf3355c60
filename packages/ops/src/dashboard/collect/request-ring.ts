import type { RequestRow } from '../screen-types';

/** A row that may still learn whose it was. */
export type GrowingRow = { -readonly [Name in keyof RequestRow]: RequestRow[Name] };

/** The last requests, the oldest of which makes room. */
export class RequestRing {
  readonly kept: number;
  readonly #rows: GrowingRow[] = [];
  #total = 0;

  constructor(kept: number) {
    this.kept = kept;
  }

  get total(): number {
    return this.#total;
  }

  add(row: Omit<GrowingRow, 'id'>): GrowingRow {
    this.#total += 1;
    const whole = { id: this.#total, ...row };
    this.#rows[(this.#total - 1) % this.kept] = whole;
    return whole;
  }

  /** The newest first, those of one tenant where it is named. */
  rows(tenantId?: string): readonly RequestRow[] {
    const newest = this.#total % this.kept;
    const ordered = [...this.#rows.slice(newest), ...this.#rows.slice(0, newest)].reverse();
    return tenantId === undefined ? ordered : ordered.filter((row) => row.tenantId === tenantId);
  }
}
