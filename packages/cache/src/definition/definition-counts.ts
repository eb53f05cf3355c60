import type { DefinitionStats } from '../types';

/** What one definition has done. */
export class DefinitionCounts {
  memoryHits = 0;
  remoteHits = 0;
  misses = 0;
  loads = 0;
  loadErrors = 0;
  loadMs = 0;
  staleServed = 0;
  fenced = 0;

  read(): DefinitionStats {
    const { memoryHits, remoteHits, misses, loads, loadErrors, loadMs, staleServed, fenced } = this;
    const done = loads - loadErrors;
    const savedMs = done > 0 ? ((memoryHits + remoteHits) * loadMs) / done : 0;
    return { memoryHits, remoteHits, misses, loads, loadErrors, loadMs, savedMs, staleServed, fenced };
  }
}

/** All definitions together. */
export function sumOf(all: readonly DefinitionStats[]): DefinitionStats {
  const sum: { -readonly [Name in keyof DefinitionStats]: number } = new DefinitionCounts().read();
  for (const stats of all) {
    for (const name of Object.keys(sum) as (keyof DefinitionStats)[]) sum[name] += stats[name];
  }
  return sum;
}
