import { hostname } from 'node:os';
import { injectTrace } from '@unite/tracing/propagation';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Schema } from '../database/schema';
import { db } from '../unite';

// Times are the database's, so that the clocks of several machines need not agree.

/** Longer than a batch takes. Who is killed is taken over from after this. */
const leaseSeconds = 10;
const worker = `${hostname()}:${process.pid}`;

/** A campaign that this process has claimed. */
export interface SendJob {
  readonly campaignId: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly traceparent: string | undefined;
  /** How often it was claimed since the last batch that went well, this time included. */
  readonly attempts: number;
  readonly lease: string;
}

/** What a transaction finds that went on with a job after another process had taken it over. It is rolled back. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Has a campaign sent, in the name of this person. One that is queued already is due then instead. */
export async function enqueue(
  transaction: Kysely<Schema>,
  job: {
    readonly campaignId: string;
    readonly tenantId: string;
    readonly userId: string;
    /** @default now */
    readonly dueAt?: Date;
  },
): Promise<void> {
  const values = {
    user_id: job.userId,
    due_at: job.dueAt ?? sql<Date>`now()`,
    traceparent: injectTrace<Record<string, string>>({}).traceparent ?? null,
  };
  await transaction
    .insertInto('campaign_jobs')
    .values({ campaign_id: job.campaignId, tenant_id: job.tenantId, ...values })
    .onConflict((conflict) => conflict.column('campaign_id').doUpdateSet({ ...values, attempts: 0 }))
    .execute();
}

/** The campaign that has been due for longest and that nobody has, of any workspace; it is this process's for a while. */
export async function claimJob(): Promise<SendJob | undefined> {
  const { rows } = await db.query<Selectable<Schema['campaign_jobs']>>(
    'select * from claim_campaign_job($1, $2)',
    [worker, leaseSeconds],
  );
  const [row] = rows;
  if (!row?.lease) return undefined;
  return {
    campaignId: row.campaign_id,
    tenantId: row.tenant_id,
    userId: row.user_id,
    traceparent: row.traceparent ?? undefined,
    attempts: row.attempts,
    lease: row.lease,
  };
}

/**
 * Something went well: the lease is good for as long again. The last thing in its transaction, so that nothing of it
 * counts where the job is another's by now.
 *
 * @throws LeaseLostError
 */
export async function keepLease(transaction: Kysely<Schema>, job: SendJob): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable('campaign_jobs')
    .set({ attempts: 0, leased_until: sql<Date>`now() + make_interval(secs => ${leaseSeconds})` })
    .where('campaign_id', '=', job.campaignId)
    .where('lease', '=', job.lease)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) throw new LeaseLostError();
}

/** Somebody may go on with it, after this long. */
export async function giveBack(transaction: Kysely<Schema>, job: SendJob, afterMs: number): Promise<void> {
  await transaction
    .updateTable('campaign_jobs')
    .set({
      lease: null,
      leased_by: null,
      leased_until: null,
      due_at: sql<Date>`now() + make_interval(secs => ${afterMs / 1_000})`,
    })
    .where('campaign_id', '=', job.campaignId)
    .where('lease', '=', job.lease)
    .execute();
}

/**
 * It has come to its end.
 *
 * @throws LeaseLostError
 */
export async function endJob(transaction: Kysely<Schema>, job: SendJob): Promise<void> {
  const { numDeletedRows } = await transaction
    .deleteFrom('campaign_jobs')
    .where('campaign_id', '=', job.campaignId)
    .where('lease', '=', job.lease)
    .executeTakeFirstOrThrow();
  if (numDeletedRows === 0n) throw new LeaseLostError();
}
