import { drills } from '@/lib/drills/drills';
import { requestFacts } from '@/lib/request-facts';
import { roleAllows } from '@/lib/roles';
import { page } from '@/lib/unite';
import { DrillBanner } from './drill-banner';
import { returnPath } from './return-path';

/** Where a drill that runs is seen, under the top bar, by who may start one. */
export async function DrillPlace() {
  const session = await page(() => requestFacts()?.session);
  if (!session || !roleAllows(session.role, 'read ops')) return null;
  const { atMs, drills: list } = drills.list();
  const running = list.find(({ startedAtMs }) => startedAtMs !== undefined);
  return (
    running && (
      <DrillBanner key={running.startedAtMs} first={running} atMs={atMs} returnTo={await returnPath()} />
    )
  );
}
