import type { ModuleReport } from './budget-types';

const mostModules = 20;

/**
 * Those that a route's weight is of: with a baseline what grew, most first, else the heaviest.
 *
 * @param before raw bytes in the baseline
 */
export function guiltyModules(
  modules: ReadonlyMap<string, number>,
  before?: Readonly<Record<string, number>> | undefined,
): readonly ModuleReport[] {
  const all = [...modules].map(([name, rawBytes]) =>
    before ? { name, rawBytes, grownBytes: rawBytes - bytesBefore(before, name) } : { name, rawBytes },
  );
  const weight = (one: ModuleReport) => one.grownBytes ?? one.rawBytes;
  return all
    .filter((one) => !before || (one.grownBytes ?? 0) > 0)
    .sort((one, other) => weight(other) - weight(one))
    .slice(0, mostModules);
}

function bytesBefore(before: Readonly<Record<string, number>>, name: string): number {
  return (Object.hasOwn(before, name) ? before[name] : undefined) ?? 0;
}
