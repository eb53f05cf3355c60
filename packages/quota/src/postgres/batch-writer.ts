import { QuotaError } from '../errors';
import type { Append, Tell, Verdict } from './append-types';
import { eventRow } from './event-row';
import { findEventsSql, insertEventsSql, type NotWritten } from './insert-events-sql';
import { isConflict, isDataError } from './ledger-error';
import type { LedgerTables } from './ledger-tables';
import type { PgClientLike, PgPoolLike } from './postgres-types';
import { ask, withClient } from './with-client';

/** What a batch needs to be written. */
export interface BatchWriterOptions {
  readonly pool: PgPoolLike;
  readonly tables: LedgerTables;
  readonly source: string;
  readonly timeoutMs: number;
}

type Unwritten = readonly { readonly position: number; readonly obstacle: NotWritten }[];
type Found = readonly {
  readonly position: number;
  readonly fingerprint: string | null;
  readonly is_known: boolean;
}[];

/** Writes batches of events that have an id each. */
export class BatchWriter {
  readonly #options: BatchWriterOptions;
  readonly #insertSql: string;
  readonly #findSql: string;

  constructor(options: BatchWriterOptions) {
    this.#options = options;
    this.#insertSql = insertEventsSql(options.tables);
    this.#findSql = findEventsSql(options.tables);
  }

  /** Ends within the time, and has told then of each what became of it. Never rejects. */
  async write(batch: readonly Append[], tell: Tell): Promise<void> {
    const open = new Set(batch);
    const tellOnce: Tell = (append, verdict) => open.delete(append) && tell(append, verdict);
    const { pool, timeoutMs } = this.#options;
    try {
      await withClient(pool, timeoutMs, (client) => this.#write(client, batch, tellOnce));
    } catch (error) {
      for (const append of open) tellOnce(append, { outcome: 'failed', error: error as Error });
    }
  }

  async #write(client: PgClientLike, batch: readonly Append[], tell: Tell): Promise<void> {
    try {
      const unwritten = new Map(
        (await this.#insert(client, batch)).map(({ position, obstacle }) => [position, obstacle]),
      );
      for (const [position, append] of batch.entries())
        if (!unwritten.has(position)) tell(append, stored(append));
      if (unwritten.size > 0) await this.#explain(client, batch, unwritten, tell);
    } catch (error) {
      if (!isDataError(error)) throw error;
      await this.#writeHalves(client, batch, error, tell);
    }
  }

  /** What is refused for its data takes nothing else with it. */
  async #writeHalves(
    client: PgClientLike,
    batch: readonly Append[],
    cause: unknown,
    tell: Tell,
  ): Promise<void> {
    const [only, second] = batch;
    if (only && !second) {
      const error = new QuotaError('UNITE_QUOTA_KEY_INVALID', 'PostgreSQL refuses the event', { cause });
      return tell(only, { outcome: 'failed', error });
    }
    const middle = batch.length >> 1;
    await this.#write(client, batch.slice(0, middle), tell);
    await this.#write(client, batch.slice(middle), tell);
  }

  /** Again after a deadlock and the like, while there is time: nothing took effect. */
  async #insert(client: PgClientLike, batch: readonly Append[]): Promise<Unwritten> {
    const { source, timeoutMs } = this.#options;
    const rows = batch.map(({ event, epoch }, position) => ({ position, epoch, ...eventRow(event) }));
    const judged = new Set(batch.flatMap(({ event, epoch }) => (epoch === undefined ? [] : event.tenantId)));
    const values = [source, JSON.stringify(rows), String(Math.ceil(timeoutMs)), [...judged]];
    while (true) {
      try {
        return await ask(client, this.#insertSql, values);
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
    }
  }

  async #explain(
    client: PgClientLike,
    batch: readonly Append[],
    unwritten: ReadonlyMap<number, NotWritten>,
    tell: Tell,
  ): Promise<void> {
    const asked = [...unwritten.keys()].map((position) => {
      const { tenantId, id } = (batch[position] as Append).event;
      return { position, tenant_id: tenantId, event_id: id };
    });
    const found: Found = await ask(client, this.#findSql, [this.#options.source, JSON.stringify(asked)]);
    for (const { position, fingerprint, is_known } of found) {
      const append = batch[position] as Append;
      const obstacle = unwritten.get(position);
      tell(append, fingerprint === null ? absent(obstacle, is_known) : present(append, fingerprint));
    }
  }
}

function stored({ event }: Append): Verdict {
  return { outcome: 'stored', fingerprint: event.fingerprint };
}

/** An event that is there is there, whatever its epoch is now. */
function present({ event }: Append, fingerprint: string): Verdict {
  return { outcome: event.fingerprint === fingerprint ? 'repeated' : 'reused', fingerprint };
}

/** After a conflict: what was in the way was deleted meanwhile. */
function absent(obstacle: NotWritten | undefined, isTenantKnown: boolean): Verdict {
  const isStale = obstacle === 'refused' || (obstacle === 'unlocked' && !isTenantKnown);
  return { outcome: isStale ? 'stale' : 'busy' };
}
