import type { Clock } from '@unite/core';
import type { PgPoolLike } from '../pg/pg-types';
import type { EncryptedTable, Vault } from '../types';

/** Options of `createSweep`. */
export interface SweepOptions extends SweepTableOptions {
  /**
   * A pool of `pg`, or a cluster of `@unite/db-ha`. A sweep holds one connection, which must be a session of its own.
   * A `postgresKeyStore` on the same pool needs another meanwhile: with `max: 1` it gets none, and the sweep ends with
   * `UNITE_CRYPTO_KEYS_UNAVAILABLE`.
   */
  readonly pool: PgPoolLike;
  /** What `table` was declared by, and what may decrypt all of it. It forgets a tenant's keys when the sweep comes to it, and asks for them again. */
  readonly vault: Pick<Vault, 'forget'>;
  /** What `vault.table` returned. */
  readonly table: EncryptedTable;
  /**
   * Only these. A table without a column for the tenant needs exactly one.
   *
   * @default all that appear in the table
   */
  readonly tenants?: readonly string[] | undefined;
  /** Rows that are read, and written in one transaction. @default 500 */
  readonly batchRows?: number | undefined;
  /** Most rows that are written in a second. @default as many as there are */
  readonly rowsPerSecond?: number | undefined;
  /** Longest wait for one statement, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** Where the progress of sweeps is kept. */
export interface SweepTableOptions {
  /** With its schema before it, where it is in one: `crm.sweeps`. @default 'unite_crypto_sweeps' */
  readonly progressTable?: string | undefined;
}

/** Re-encrypts a table. */
export interface Sweep {
  /**
   * Goes on where an earlier run of the same sweep ended, however that was.
   *
   * @throws CryptoError `UNITE_CRYPTO_SWEEP_RUNNING` while another runs, `…_SWEEP_FAILED`, and what keys come to
   */
  run(options?: SweepRunOptions): Promise<SweepReport>;
}

/** Options of {@link Sweep.run}. */
export interface SweepRunOptions {
  /** Ends after the batch that is under way, with a report that says `stopped`. */
  readonly signal?: AbortSignal | undefined;
  /** Told after each batch. */
  readonly onProgress?: ((progress: SweepProgress) => void) | undefined;
}

/** What was done, with what earlier runs of the same sweep did. */
export interface SweepCounts {
  /** Rows that were looked at; those of later rounds again. */
  readonly scanned: number;
  /** Rows that were written. */
  readonly rewritten: number;
  /** Rows that somebody else was writing, or had written meanwhile. A later round looks at them again. */
  readonly skipped: number;
}

/** How far a tenant's rows are. */
export interface SweepProgress extends SweepCounts {
  readonly table: string;
  readonly tenantId: string;
  /** 1: all rows; from 2 on: what is left. */
  readonly round: number;
  /** Rows of this round that could not be decrypted or written. */
  readonly failed: number;
}

/** What a run came to. */
export interface SweepReport extends SweepCounts {
  readonly table: string;
  /** The last round found nothing but current rows. */
  readonly complete: boolean;
  /** By the signal. */
  readonly stopped: boolean;
  /** It went on where an earlier one ended. */
  readonly resumed: boolean;
  readonly tenants: number;
  /** Tenants whose keys were destroyed: their rows are left alone. */
  readonly shredded: number;
  readonly rounds: number;
  /** Rows of the last round that could not be decrypted or written. */
  readonly failed: number;
  /** The first 100 of them. */
  readonly failedRows: readonly FailedRow[];
  readonly durationMs: number;
}

/** A row that stays as it is. */
export interface FailedRow {
  /** Empty for a row of nobody. */
  readonly tenantId: string;
  /** Values of the primary key's columns, in order. */
  readonly rowId: readonly string[];
  /** A code of `CryptoError`, or PostgreSQL's SQLSTATE. */
  readonly code: string;
}
