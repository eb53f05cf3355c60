import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { apm } from '../apm';
import { requirePermission, requireSession } from '../current-session';
import { claimPlace } from '../database/claim-place';
import type { Schema } from '../database/schema';
import { read, write } from '../database/unit-of-work';
import { cache } from '../unite';
import type { NewCampaign } from './campaign';
import { campaignsOf } from './campaign-tags';
import type { Campaign } from './campaign-types';

const listMax = 100;

/** The workspace's newest campaigns, and how many there are. */
export async function listCampaigns(): Promise<{
  readonly campaigns: readonly Campaign[];
  readonly total: number;
}> {
  requireSession();
  return read(async (transaction) => {
    const { total } = await transaction
      .selectFrom('campaigns')
      .select(({ fn }) => fn.countAll<string>().as('total'))
      .executeTakeFirstOrThrow();
    const rows = await transaction
      .selectFrom('campaigns')
      .selectAll()
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(listMax)
      .execute();
    return { campaigns: rows.map(campaignFromRow), total: Number(total) };
  });
}

/** @throws QuotaError when the plan allows no more campaigns */
export async function createCampaign({ sendAt, ...fields }: NewCampaign): Promise<Campaign> {
  const session = requirePermission('write campaigns');
  const create = () =>
    write(async (transaction) => {
      await claimPlace(transaction, 'campaigns');
      return transaction
        .insertInto('campaigns')
        .values({
          id: randomUUID(),
          tenant_id: session.tenantId,
          status: sendAt ? 'scheduled' : 'draft',
          send_at: sendAt ?? null,
          ...fields,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
    });
  const row = await cache.write(create, { invalidates: [campaignsOf(session.tenantId)] });
  if (sendAt) apm.count('campaigns_sent', 1, { plan: session.plan });
  return campaignFromRow(row);
}

function campaignFromRow(row: Selectable<Schema['campaigns']>): Campaign {
  return {
    id: row.id,
    name: row.name,
    subject: row.subject,
    audience: row.audience,
    status: row.status,
    sendAt: row.send_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  };
}
