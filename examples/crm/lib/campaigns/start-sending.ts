import { sql } from 'kysely';
import { requirePermission } from '../current-session';
import { write } from '../database/unit-of-work';
import { problems } from '../unite';
import type { Campaign } from './campaign-types';
import { campaignId, campaignNotFound, getCampaign } from './get-campaign';
import { enqueue } from './send-queue';
import { sendWorker } from './send-worker';

/**
 * Has a campaign go out now: a draft, a scheduled one before its time, or the rest of one that had failed. Whoever is
 * signed in is who sends it.
 *
 * @param idempotencyKey repeated, it starts nothing and gives the campaign as it is by then
 * @throws ProblemError `campaign-not-found`, or `campaign-already-sending` when it has begun, also when it is through
 */
export async function startSending(givenId: string, idempotencyKey?: string): Promise<Campaign> {
  const { tenantId, userId } = requirePermission('write campaigns');
  const id = campaignId(givenId);
  await write(
    async (transaction) => {
      const campaign = await transaction
        .selectFrom('campaigns')
        .select('status')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (!campaign) throw campaignNotFound();
      if (campaign.status === 'sending' || campaign.status === 'sent') throw alreadySending(campaign.status);
      await transaction
        .updateTable('campaign_deliveries')
        .set({ outcome: 'waiting', decided_at: null })
        .where('campaign_id', '=', id)
        .where('outcome', '=', 'failed')
        .execute();
      await transaction
        .updateTable('campaigns')
        .set({ status: 'sending', send_at: sql<Date>`now()`, failed: 0, failure: null })
        .where('id', '=', id)
        .execute();
      await enqueue(transaction, { campaignId: id, tenantId, userId });
      return { id };
    },
    { idempotencyKey: idempotencyKey && `send:${id}:${idempotencyKey}` },
  );
  sendWorker().wake();
  return getCampaign(id);
}

function alreadySending(status: 'sending' | 'sent'): Error {
  return problems.error('campaign-already-sending', {
    detail: status === 'sent' ? 'This campaign was sent already.' : 'This campaign is on its way already.',
    extensions: { status },
  });
}
