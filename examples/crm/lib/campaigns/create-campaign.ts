import { createHash, randomUUID } from 'node:crypto';
import { requirePermission } from '../current-session';
import { claimPlace } from '../database/claim-place';
import { write } from '../database/unit-of-work';
import { cache, problems } from '../unite';
import type { NewCampaign } from './campaign';
import { campaignFromRow } from './campaign-from-row';
import { campaignsOf } from './campaign-tags';
import type { Campaign } from './campaign-types';
import { getCampaign } from './get-campaign';
import { enqueue } from './send-queue';

/**
 * One with a time to send at waits in the queue for it.
 *
 * @param idempotencyKey repeated with the same campaign, it gives the one that was made the first time
 * @throws QuotaError when the plan allows no more campaigns
 * @throws ProblemError `idempotency-key-reused` when the key came with another campaign
 */
export async function createCampaign(campaign: NewCampaign, idempotencyKey?: string): Promise<Campaign> {
  const { tenantId, userId } = requirePermission('write campaigns');
  const { sendAt, ...fields } = campaign;
  const fingerprint = createHash('sha256').update(JSON.stringify(campaign)).digest('base64url');
  const id = randomUUID();
  let created: Campaign | undefined;
  const create = () =>
    write(
      async (transaction) => {
        await claimPlace(transaction, 'campaigns');
        const row = await transaction
          .insertInto('campaigns')
          .values({
            id,
            tenant_id: tenantId,
            status: sendAt ? 'scheduled' : 'draft',
            send_at: sendAt ?? null,
            ...fields,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        if (sendAt) await enqueue(transaction, { campaignId: id, tenantId, userId, dueAt: sendAt });
        created = campaignFromRow(row);
        return { id, fingerprint };
      },
      { idempotencyKey: idempotencyKey && `campaign:${idempotencyKey}` },
    );
  const made = await cache.write(create, { invalidates: [campaignsOf(tenantId)] });
  if (made.fingerprint !== fingerprint) {
    throw problems.error('idempotency-key-reused', {
      detail: 'This Idempotency-Key has made another campaign before. Nothing was saved now.',
    });
  }
  return created && made.id === id ? created : getCampaign(made.id);
}
