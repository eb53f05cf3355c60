/** Where something that a request read came from. */
export interface CacheRead {
  /** What was read, such as `contacts`. */
  readonly name: string;
  readonly from: 'memory' | 'redis' | 'database';
  /** Since it was read from the database, in milliseconds. */
  readonly ageMs: number;
  /** For how long it may be served, unless it changes, in milliseconds. */
  readonly ttlMs: number;
  /** Why the cache was not asked: it is switched off, or may not yet have heard what this person has just saved. */
  readonly bypass?: 'off' | 'own-change' | undefined;
  /** How Redis was where it had nothing to give. Absent where there is none. */
  readonly redis?: 'up' | 'down' | undefined;
}

/**
 * `crm-memory; hit; ttl=297; detail=contacts`: each layer that was asked, the one nearest to the database first.
 *
 * @see RFC 9211 §2
 */
export function cacheStatus(reads: readonly CacheRead[]): string {
  return reads.flatMap(membersOf).join(', ');
}

function membersOf({ name, from, ttlMs, bypass, redis }: CacheRead): string[] {
  const hit = `hit; ttl=${Math.floor(ttlMs / 1_000)}; detail=${name}`;
  if (bypass) return [`crm-memory; fwd=bypass; detail=${bypass}`];
  if (from === 'memory') return [`crm-memory; ${hit}`];
  if (from === 'redis') return [`crm-redis; ${hit}`, 'crm-memory; fwd=miss'];
  const asked =
    redis === 'down' ? 'crm-redis; fwd=bypass; detail=down' : redis && `crm-redis; fwd=miss; detail=${name}`;
  return [...(asked ? [asked] : []), `crm-memory; fwd=miss; detail=${name}`];
}

/** What an answer's headers say of it. One age stands for all that was read. */
export function cacheReadsFrom(headers: Headers): Pick<CacheRead, 'name' | 'from' | 'ageMs' | 'bypass'>[] {
  const ageMs = Number(headers.get('age') ?? 0) * 1_000;
  const members = headers.get('cache-status')?.split(', ') ?? [];
  return members.flatMap((member) => {
    const [, layer, outcome, name = ''] =
      /^crm-(memory|redis); (hit|fwd=\w+)(?:; ttl=-?\d+)?(?:; detail=([\w-]+))?$/.exec(member) ?? [];
    if (outcome === 'hit') return [{ name, from: layer as CacheRead['from'], ageMs }];
    if (layer !== 'memory' || name === '') return [];
    return outcome === 'fwd=bypass'
      ? [{ name: '', from: 'database' as const, ageMs: 0, bypass: name as CacheRead['bypass'] }]
      : [{ name, from: 'database' as const, ageMs: 0 }];
  });
}
