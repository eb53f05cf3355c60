import type { PgQueryable } from '../pg/pg-types';
import { quoteTable } from '../pg/quote-name';

export const defaultProgressTable = 'unite_crypto_sweeps';

/** How far a tenant's rows are in the first round, and what was done to them in all. */
export interface TenantProgress {
  /** What is swept to: progress towards another key counts for nothing. */
  readonly target: string;
  readonly lastRowId: readonly string[] | undefined;
  readonly isDone: boolean;
  readonly scanned: number;
  readonly rewritten: number;
  readonly skipped: number;
}

/** Progress of the sweeps of one table. What is written goes with the transaction that it is written in. */
export class Progress {
  readonly #client: PgQueryable;
  readonly #name: string;
  readonly #table: string;

  constructor(client: PgQueryable, progressTable: string, table: string) {
    this.#client = client;
    this.#name = quoteTable(progressTable);
    this.#table = table;
  }

  async read(tenantId: string): Promise<TenantProgress | undefined> {
    const { rows } = await this.#client.query(
      `SELECT target, last_row_id, is_done, scanned, rewritten, skipped FROM ${this.#name}
       WHERE table_name = $1 AND tenant_id = $2`,
      [this.#table, tenantId],
    );
    const [row] = rows as Record<string, unknown>[];
    if (!row) return undefined;
    return {
      target: String(row.target),
      lastRowId: (row.last_row_id as string[] | null) ?? undefined,
      isDone: row.is_done === true,
      scanned: Number(row.scanned),
      rewritten: Number(row.rewritten),
      skipped: Number(row.skipped),
    };
  }

  async write(tenantId: string, progress: TenantProgress): Promise<void> {
    const { target, lastRowId, isDone, scanned, rewritten, skipped } = progress;
    await this.#client.query(
      `INSERT INTO ${this.#name}
         (table_name, tenant_id, target, last_row_id, is_done, scanned, rewritten, skipped)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (table_name, tenant_id) DO UPDATE SET
         target = excluded.target, last_row_id = excluded.last_row_id, is_done = excluded.is_done,
         scanned = excluded.scanned, rewritten = excluded.rewritten, skipped = excluded.skipped,
         updated_at = now()`,
      [
        this.#table,
        tenantId,
        target,
        lastRowId ? JSON.stringify(lastRowId) : null,
        isDone,
        scanned,
        rewritten,
        skipped,
      ],
    );
  }

  /** The next run begins anew. */
  async clear(): Promise<void> {
    await this.#client.query(`DELETE FROM ${this.#name} WHERE table_name = $1`, [this.#table]);
  }
}
