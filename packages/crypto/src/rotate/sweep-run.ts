import type { Clock } from '@unite/core';
import { CryptoError } from '../errors';
import type { PgQueryable } from '../pg/pg-types';
import { inTransaction } from '../pg/with-client';
import type { EncryptedTable, Vault } from '../types';
import { Pace } from './pace';
import { Progress, type TenantProgress } from './progress';
import { type Page, readPage } from './read-page';
import { type ResealedRow, resealRows, type UnreadableRow } from './reseal-rows';
import type { FailedRow, SweepReport, SweepRunOptions } from './sweep-types';
import { readSweptTable, type SweptTable } from './swept-table';
import { rowsOfNobody, tenantsOf } from './swept-tenants';
import { writeRows } from './write-rows';

/** Options of `createSweep`, with their defaults. */
export interface SweepSettings {
  readonly vault: Pick<Vault, 'forget'>;
  readonly table: EncryptedTable;
  readonly tenants: readonly string[] | undefined;
  readonly batchRows: number;
  readonly rowsPerSecond: number;
  readonly progressTable: string;
  readonly clock: Clock;
}

/** Where others write stale rows on and on, it ends without being complete. */
const maxRounds = 12;
const maxFailedRows = 100;
const maxPauseMs = 5_000;

type Prefixes = ReadonlyMap<string, string | Uint8Array>;

/** One run, on one connection. */
export class SweepRun {
  readonly #client: PgQueryable;
  readonly #settings: SweepSettings;
  readonly #options: SweepRunOptions;
  readonly #progress: Progress;
  readonly #pace: Pace;
  #totals = { scanned: 0, rewritten: 0, skipped: 0 };
  #resumed = false;
  #round = newRound(0);

  constructor(client: PgQueryable, settings: SweepSettings, options: SweepRunOptions) {
    this.#client = client;
    this.#settings = settings;
    this.#options = options;
    this.#progress = new Progress(client, settings.progressTable, settings.table.table);
    this.#pace = new Pace(settings.rowsPerSecond, settings.clock, options.signal);
  }

  async run(): Promise<SweepReport> {
    const { clock, tenants, batchRows } = this.#settings;
    const startMs = clock.monotonicMs();
    const table = await readSweptTable(this.#client, this.#settings.table);
    do {
      // Whoever holds a lock on a row needs a moment; the second round follows at once.
      if (this.#round.number > 1) await this.#pace.wait(Math.min(100 * 2 ** this.#round.number, maxPauseMs));
      this.#round = newRound(this.#round.number + 1);
      for await (const tenantId of tenants ?? tenantsOf(this.#client, table)) {
        await this.#sweepTenant(table, tenantId);
      }
      if (!tenants) this.#fail('', await rowsOfNobody(this.#client, table, batchRows));
    } while (!this.#isStopped && this.#hasMore);
    if (!this.#isStopped) await this.#progress.clear();
    const { number, shredded, failed, failedRows } = this.#round;
    return {
      table: table.declared.table,
      complete: !this.#isStopped && !this.#hasMore && failed === 0,
      stopped: this.#isStopped,
      resumed: this.#resumed,
      ...this.#totals,
      tenants: this.#round.tenants,
      shredded,
      rounds: number,
      failed,
      failedRows,
      durationMs: clock.monotonicMs() - startMs,
    };
  }

  get #isStopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** Nothing but a whole round that had nothing to do shows that nothing is left. */
  get #hasMore(): boolean {
    const { number, touched } = this.#round;
    return number === 1 || (touched > 0 && number < maxRounds);
  }

  async #sweepTenant(table: SweptTable, tenantId: string): Promise<void> {
    if (this.#isStopped) return;
    this.#round.tenants += 1;
    const prefixes = await this.#prefixes(table, tenantId);
    if (!prefixes) {
      this.#round.shredded += 1;
      return;
    }
    let progress = await this.#begin(tenantId, targetOf(table, prefixes));
    if (this.#round.number === 1 && progress.isDone) return;
    let isLast = false;
    while (!isLast && !this.#isStopped) {
      progress = await this.#sweepPage(table, tenantId, prefixes, progress);
      isLast = progress.lastRowId === undefined;
    }
  }

  /** What ciphertexts shall begin with: asked for anew, since the key may have been changed elsewhere. */
  async #prefixes(table: SweptTable, tenantId: string): Promise<Prefixes | undefined> {
    this.#settings.vault.forget(tenantId);
    try {
      const entries = table.columns.map(
        async ({ name, field }) => [name, await field.currentPrefix({ tenantId })] as const,
      );
      return new Map(await Promise.all(entries));
    } catch (error) {
      if (CryptoError.isInstance(error) && error.code === 'UNITE_CRYPTO_TENANT_SHREDDED') return undefined;
      throw error;
    }
  }

  async #begin(tenantId: string, target: string): Promise<TenantProgress> {
    const stored = await this.#progress.read(tenantId);
    const none = { target, lastRowId: undefined, isDone: false, scanned: 0, rewritten: 0, skipped: 0 };
    if (stored?.target !== target) return none;
    if (this.#round.number > 1) return { ...stored, lastRowId: undefined };
    this.#resumed = true;
    this.#add(stored);
    return stored;
  }

  async #sweepPage(
    table: SweptTable,
    tenantId: string,
    prefixes: Prefixes,
    progress: TenantProgress,
  ): Promise<TenantProgress> {
    const { batchRows } = this.#settings;
    const page = await readPage(this.#client, table, {
      tenantId,
      prefixes,
      after: progress.lastRowId,
      batchRows,
    });
    const { resealed, unreadable } = await resealRows(table, page.stale, { tenantId, prefixes });
    const { rewritten, refused, next } = await this.#write(table, tenantId, page, resealed, progress);
    this.#fail(tenantId, [...unreadable, ...refused]);
    this.#round.touched += resealed.length - refused.length;
    const { scanned, skipped } = next;
    const { number: round, failed } = this.#round;
    this.#options.onProgress?.({
      table: table.declared.table,
      tenantId,
      round,
      scanned,
      rewritten: next.rewritten,
      skipped,
      failed,
    });
    await this.#pace.after(rewritten);
    return next;
  }

  /** What is written and how far the sweep is become visible together, or not at all. */
  async #write(
    table: SweptTable,
    tenantId: string,
    page: Page,
    resealed: readonly ResealedRow[],
    before: TenantProgress,
  ) {
    const work = async () => {
      const { written, refused } = await writeRows(this.#client, table, tenantId, resealed);
      const skipped = resealed.length - written - refused.length;
      const done = { scanned: page.scanned, rewritten: written, skipped };
      const next = nextOf(before, done, page.lastRowId);
      // A later round that finds nothing has nothing to tell to the next run.
      if (this.#round.number === 1 || resealed.length > 0) await this.#progress.write(tenantId, next);
      this.#add(done);
      return { rewritten: written, refused, next };
    };
    return resealed.length > 0 ? inTransaction(this.#client, work) : work();
  }

  #add({ scanned, rewritten, skipped }: Pick<TenantProgress, 'scanned' | 'rewritten' | 'skipped'>): void {
    this.#totals.scanned += scanned;
    this.#totals.rewritten += rewritten;
    this.#totals.skipped += skipped;
  }

  #fail(tenantId: string, rows: readonly UnreadableRow[]): void {
    this.#round.failed += rows.length;
    const room = maxFailedRows - this.#round.failedRows.length;
    this.#round.failedRows.push(...rows.slice(0, room).map((row) => ({ tenantId, ...row })));
  }
}

function newRound(number: number) {
  const failedRows: FailedRow[] = [];
  return { number, tenants: 0, shredded: 0, touched: 0, failed: 0, failedRows };
}

/** Progress towards other keys, or of other columns, is none. */
function targetOf({ columns }: SweptTable, prefixes: Prefixes): string {
  const parts = columns.map(({ name, index }) => {
    return [name, Buffer.from(prefixes.get(name) ?? '').toString('base64url'), index?.name ?? null];
  });
  return JSON.stringify(parts);
}

function nextOf(
  before: TenantProgress,
  done: Pick<TenantProgress, 'scanned' | 'rewritten' | 'skipped'>,
  lastRowId: readonly string[] | undefined,
): TenantProgress {
  return {
    target: before.target,
    lastRowId,
    isDone: before.isDone || lastRowId === undefined,
    scanned: before.scanned + done.scanned,
    rewritten: before.rewritten + done.rewritten,
    skipped: before.skipped + done.skipped,
  };
}
