import { hazards } from './hazards';
import { inSeconds } from './in-seconds';
import { startRedisControl } from './redis-control';
import { settleWithin } from './settle-within';
import type { CacheUnderTest, Hazard, HazardResult, HazardSettings, RedisControl } from './types';

/** Options of {@link runHazards}; the settings have the defaults of {@link HazardSettings}. */
export interface RunHazardsOptions extends Partial<HazardSettings> {
  /** A Redis that may be emptied, frozen and cut off. @default one that is started for the run */
  readonly redis?: RedisControl | undefined;
  /** Names of the hazards to run. @default every one */
  readonly only?: readonly string[] | undefined;
  /** Hears of each hazard when it begins. */
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** What a cache showed. */
export interface CacheHazards {
  readonly cache: string;
  readonly version?: string | undefined;
  readonly results: readonly (Pick<Hazard, 'name' | 'summary'> & HazardResult)[];
}

const defaults: HazardSettings = Object.freeze({
  maxStalenessMs: 5_000,
  watchMs: 18_000,
  readDeadlineMs: 1_000,
  freezeMs: 12_000,
  recoveryMs: 10_000,
  memoryMaxBytes: 64 * 2 ** 20,
  processMaxBytes: 500_000_000,
  bigValues: 2_000,
  keysPerRound: 2_000,
  tidyMs: 2_000,
});

/**
 * Runs the hazards against a cache, one after the other. Takes about two minutes in full.
 *
 * @throws TypeError when `only` names a hazard that does not exist; ServicesError where no Redis is to be had
 * @example
 * const { results } = await runHazards(mine);
 * expect(results.filter(({ holds }) => holds === false)).toEqual([]);
 */
export async function runHazards(
  cache: CacheUnderTest,
  { redis, only, onProgress, ...settings }: RunHazardsOptions = {},
): Promise<CacheHazards> {
  const chosen = hazards.filter(({ name }) => only?.includes(name) ?? true);
  const unknown = only?.filter((name) => !hazards.some((hazard) => hazard.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new TypeError(`only: no such hazard: ${unknown.join(', ')}; there are ${namesOf(hazards)}`);
  }
  const control = redis ?? (await startRedisControl());
  try {
    const results = [];
    for (const hazard of chosen) {
      onProgress?.(`${cache.name}: ${hazard.name}`);
      const result = await measure(hazard, cache, control, { ...defaults, ...settings });
      results.push({ name: hazard.name, summary: hazard.summary, ...result });
    }
    return { cache: cache.name, version: cache.version, results };
  } finally {
    if (redis === undefined) await control.close();
  }
}

function namesOf(all: readonly Hazard[]): string {
  return all.map(({ name }) => name).join(', ');
}

/** Longest time for one hazard: a cache may never return. */
const hazardMs = 300_000;

/** A cache that throws where it should serve has shown that. */
async function measure(
  hazard: Hazard,
  cache: CacheUnderTest,
  redis: RedisControl,
  settings: HazardSettings,
): Promise<HazardResult> {
  const run = await settleWithin(() => hazard.run(cache, redis, settings), hazardMs);
  if (run.state === 'answered') return run.value;
  const seen = run.state === 'threw' ? `threw ${run.error}` : `did not end within ${inSeconds(hazardMs)}`;
  return { holds: false, seen, figures: {} };
}
