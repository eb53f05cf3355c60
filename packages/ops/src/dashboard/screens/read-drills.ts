import type { DrillsScreen } from '../screen-types';
import type { ScreenSources } from './screen-source-types';

/** What survives a failure? */
export async function readDrills({ options, hasActions }: ScreenSources): Promise<DrillsScreen> {
  if (!options.drills) return { refusal: 'No drills are connected.', drills: [] };
  const { refusal, drills } = await options.drills.list();
  return { refusal: refusal ?? (hasActions ? undefined : 'Actions are off.'), drills: drills.slice(0, 50) };
}
