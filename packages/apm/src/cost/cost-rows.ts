import { overflow } from '../metrics';
import type { CostReport, CostRow } from './cost-types';

/** Which request an entry is for. */
export interface CostPlace {
  readonly route: string;
  readonly tenantId: string;
}

type OpenRow = { -readonly [Field in keyof CostRow]: CostRow[Field] };

/** The rows of the ledger: a bounded number, and one more for all that is over, so that the total stays exact. */
export class CostRows {
  readonly #maxRows: number;
  readonly #release: string;
  readonly #rows = new Map<string, OpenRow>();
  readonly #over: OpenRow;
  #totalNanoUsd = 0n;

  constructor(maxRows: number, release: string) {
    this.#maxRows = maxRows;
    this.#release = release;
    this.#over = this.#newRow({ route: overflow, tenantId: overflow }, overflow, overflow);
  }

  add(place: CostPlace, kind: string, name: string, costNanoUsd: bigint): void {
    const row = this.#rowOf(place, kind, name);
    row.costNanoUsd += costNanoUsd;
    row.entries += 1;
    this.#totalNanoUsd += costNanoUsd;
  }

  report(): Pick<CostReport, 'rows' | 'totalNanoUsd' | 'overflowed'> {
    const rows = [...this.#rows.values(), ...(this.#over.entries > 0 ? [this.#over] : [])];
    return {
      rows: rows.map((row) => ({ ...row })).sort(byCost),
      totalNanoUsd: this.#totalNanoUsd,
      overflowed: this.#over.entries,
    };
  }

  #rowOf(place: CostPlace, kind: string, name: string): OpenRow {
    // No name has a control character.
    const key = `${place.route}\n${place.tenantId}\n${kind}\n${name}`;
    const known = this.#rows.get(key);
    if (known) return known;
    if (this.#rows.size >= this.#maxRows) return this.#over;
    const row = this.#newRow(place, kind, name);
    this.#rows.set(key, row);
    return row;
  }

  #newRow({ route, tenantId }: CostPlace, kind: string, name: string): OpenRow {
    return { route, tenantId, release: this.#release, kind, name, costNanoUsd: 0n, entries: 0 };
  }
}

function byCost(one: CostRow, other: CostRow): number {
  if (one.costNanoUsd === other.costNanoUsd) return 0;
  return one.costNanoUsd > other.costNanoUsd ? -1 : 1;
}
