import { describeValue } from '@unite/shared';
import type { Drill } from './drill-types';

/**
 * Those with these names, in the order of the list; all without names.
 *
 * @throws TypeError that names the unknown ones and those that are known
 */
export function chooseDrills(drills: readonly Drill[], names: readonly string[] = []): readonly Drill[] {
  const known = drills.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const asked = unknown.map(describeValue).join(' or ');
    throw new TypeError(`runDrills: no drill is called ${asked}; known are ${known.join(', ') || 'none'}`);
  }
  return names.length === 0 ? drills : drills.filter(({ name }) => names.includes(name));
}
