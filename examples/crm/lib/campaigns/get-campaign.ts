import { requireSession } from '../current-session';
import { read } from '../database/unit-of-work';
import { problems } from '../unite';
import { campaignFromRow } from './campaign-from-row';
import type { Campaign } from './campaign-types';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A campaign, with how far it is. Never from the cache: it changes with each batch.
 *
 * @throws ProblemError `campaign-not-found`, also for a campaign of another workspace
 */
export async function getCampaign(givenId: string): Promise<Campaign> {
  requireSession();
  const id = campaignId(givenId);
  const row = await read((transaction) =>
    transaction.selectFrom('campaigns').selectAll().where('id', '=', id).executeTakeFirst(),
  );
  if (!row) throw campaignNotFound();
  return campaignFromRow(row);
}

/**
 * The id as the database spells it.
 *
 * @throws ProblemError `campaign-not-found` for what cannot be one
 */
export function campaignId(text: string): string {
  if (!uuid.test(text)) throw campaignNotFound();
  return text.toLowerCase();
}

export function campaignNotFound(): Error {
  return problems.error('campaign-not-found', { detail: 'This workspace has no campaign with that id.' });
}
