import { requireSession } from '../current-session';
import { read } from '../database/unit-of-work';
import { type Audience, audiences } from './campaign-types';

/** How many contacts are in each audience by now: what is asked before a campaign is sent. */
export type AudienceSizes = Readonly<Record<Audience, number>>;

export async function audienceSizes(): Promise<AudienceSizes> {
  requireSession();
  const rows = await read((transaction) =>
    transaction
      .selectFrom('contacts')
      .select(({ fn }) => ['stage', fn.countAll<string>().as('count')])
      .groupBy('stage')
      .execute(),
  );
  const sizeOf = (audience: Audience) =>
    rows
      .filter(({ stage }) => audience === 'everyone' || stage === audience)
      .reduce((sum, { count }) => sum + Number(count), 0);
  return Object.fromEntries(audiences.map((audience) => [audience, sizeOf(audience)])) as Record<
    Audience,
    number
  >;
}
