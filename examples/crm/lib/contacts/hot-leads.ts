import { cached } from '../cache/cached';
import { requireSession } from '../current-session';
import { read } from '../database/unit-of-work';
import { type Contact, type MinScore, minScores } from './contact-types';

/** A contact worth calling today. Nothing about it is hidden from any role, so all roles share what is cached. */
export type HotLead = Pick<Contact, 'id' | 'name' | 'company' | 'stage'> & { readonly score: number };

export interface HotLeads {
  readonly leads: readonly HotLead[];
  readonly minScore: MinScore;
  /** How many there are; `leads` are the best of them. */
  readonly total: number;
}

const shown = 6;

/** The best of the workspace's open leads. */
export function listHotLeads(minScore: MinScore): Promise<HotLeads> {
  const { tenantId } = requireSession();
  return hotLeads.get({ tenantId, minScore });
}

/** Tag of a workspace's hot leads, for changes of which nobody knows how they ended. */
export const hotLeadsOf = (tenantId: string) => `hot-leads-of:${tenantId}`;

/**
 * Reads those lists anew that a contact was or is now on, in place: nobody who looks meanwhile has to wait.
 *
 * @param scores of the contact, before and after its change
 */
export async function refreshHotLeads(tenantId: string, scores: readonly (number | null)[]): Promise<void> {
  const best = Math.max(...scores.map((score) => score ?? -1));
  const concerned = minScores.filter((minScore) => minScore <= best);
  await Promise.all(concerned.map((minScore) => hotLeads.refresh({ tenantId, minScore })));
}

const hotLeads = cached('hot-leads', {
  scope: 'tenant',
  key: ({ minScore }: { readonly tenantId: string; readonly minScore: MinScore }) => [minScore],
  tags: ({ tenantId }) => [hotLeadsOf(tenantId)],
  memoryTtlMs: 2 * 60_000,
  remoteTtlMs: 10 * 60_000,
  load: ({ minScore }) =>
    read(async (transaction): Promise<HotLeads> => {
      const open = transaction
        .selectFrom('contacts')
        .where('score', '>=', minScore)
        .where('stage', 'not in', ['customer', 'lost']);
      const { total } = await open
        .select(({ fn }) => fn.countAll<string>().as('total'))
        .executeTakeFirstOrThrow();
      const leads = await open
        .select(['id', 'name', 'company', 'stage', 'score'])
        .orderBy('score', 'desc')
        .orderBy('id')
        .limit(shown)
        .execute();
      return { leads: leads as HotLead[], minScore, total: Number(total) };
    }),
});
