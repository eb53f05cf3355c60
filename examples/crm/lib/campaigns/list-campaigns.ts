import { requireSession } from '../current-session';
import { read } from '../database/unit-of-work';
import { campaignFromRow } from './campaign-from-row';
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
