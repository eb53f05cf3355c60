import { currentTraceId, span } from '@unite/tracing';
import { type Selectable, sql } from 'kysely';
import { apm } from '../apm';
import { requirePermission } from '../current-session';
import type { Schema } from '../database/schema';
import { write } from '../database/unit-of-work';
import { deliverBatch } from './deliver-batch';
import { endJob, giveBack, keepLease, type SendJob } from './send-queue';

type CampaignRow = Selectable<Schema['campaigns']>;

/**
 * Sends what is left of a campaign, batch by batch, each in a transaction of its own with the count of it: whoever takes
 * over after a crash goes on where the last one ended.
 *
 * @param draining aborts when the rest is for another process
 * @throws ProblemError `forbidden` when the sender's role was changed meanwhile
 * @throws LeaseLostError when another process has taken over
 */
export async function sendCampaign(job: SendJob, draining: AbortSignal): Promise<void> {
  const { plan } = requirePermission('write campaigns');
  await begin(job);
  while (await span('deliver batch', () => deliverBatch(job))) {
    if (draining.aborted) return write((transaction) => giveBack(transaction, job, 0));
  }
  const { delivered, failed } = await end(job);
  apm.count('campaigns_sent', 1, { plan });
  apm.count('campaign_deliveries', delivered, { plan, outcome: 'delivered' });
  apm.count('campaign_deliveries', failed, { plan, outcome: 'failed' });
}

/** Writes down whom it goes to, once: who joins the audience later, or leaves it, changes nothing. */
function begin(job: SendJob): Promise<void> {
  return write(async (transaction) => {
    const { audience, recipients } = await transaction
      .updateTable('campaigns')
      .set({ status: 'sending', trace_id: currentTraceId() ?? null })
      .where('id', '=', job.campaignId)
      .returning(['audience', 'recipients'])
      .executeTakeFirstOrThrow();
    if (recipients === null) {
      const { numInsertedOrUpdatedRows } = await transaction
        .insertInto('campaign_deliveries')
        .columns(['campaign_id', 'contact_id', 'tenant_id'])
        .expression((from) => {
          const everyone = from
            .selectFrom('contacts')
            .select([sql<string>`${job.campaignId}::uuid`.as('campaign_id'), 'id', 'tenant_id']);
          return audience === 'everyone' ? everyone : everyone.where('stage', '=', audience);
        })
        .executeTakeFirstOrThrow();
      await transaction
        .updateTable('campaigns')
        .set({ recipients: Number(numInsertedOrUpdatedRows) })
        .where('id', '=', job.campaignId)
        .execute();
    }
    await keepLease(transaction, job);
  });
}

function end(job: SendJob): Promise<Pick<CampaignRow, 'delivered' | 'failed'>> {
  return write(async (transaction) => {
    const campaign = await transaction
      .updateTable('campaigns')
      .set({ status: 'sent' })
      .where('id', '=', job.campaignId)
      .returning(['delivered', 'failed'])
      .executeTakeFirstOrThrow();
    await endJob(transaction, job);
    return campaign;
  });
}
