import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { requirePermission, requireSession } from '../current-session';
import type { Schema } from '../database/schema';
import { read, write } from '../database/unit-of-work';
import type { NewCampaign } from './campaign';
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

export async function createCampaign({ sendAt, ...fields }: NewCampaign): Promise<Campaign> {
  const session = requirePermission('campaigns.write');
  const row = await write((transaction) =>
    transaction
      .insertInto('campaigns')
      .values({
        id: randomUUID(),
        tenant_id: session.tenantId,
        status: sendAt ? 'scheduled' : 'draft',
        send_at: sendAt ?? null,
        ...fields,
      })
      .returningAll()
      .executeTakeFirstOrThrow(),
  );
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
