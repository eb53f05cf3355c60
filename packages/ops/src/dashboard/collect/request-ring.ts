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

  /** Those that came behind one, the newest first: for one tenant as for all, looked at from the end. */
  since(id: number, tenantId: string | undefined): readonly RequestRow[] {
    const rows: RequestRow[] = [];
    for (let at = this.#total; at > Math.max(id, this.#total - this.kept); at -= 1) {
      const row = this.#rows[(at - 1) % this.kept] as GrowingRow;
      if (tenantId === undefined || row.tenantId === tenantId) rows.push(row);
    }
    return rows;
  }

  /** The newest first, those of one tenant where it is named. */
  rows(tenantId?: string): readonly RequestRow[] {
    const newest = this.#total % this.kept;
    const ordered = [...this.#rows.slice(newest), ...this.#rows.slice(0, newest)].reverse();
    return tenantId === undefined ? ordered : ordered.filter((row) => row.tenantId === tenantId);
  }
}
