import type { Clock } from '@unite/core';
import { RecentMap } from '../collect/recent-map';
import type { QuotaSource, UsageLike } from '../source-types';

/** How many tenants' use is asked for at once: those seen last. */
const maxAsked = 50;
/** An answer is good for this long, however many look. */
const maxAgeMs = 10_000;
/** A store that is away makes nobody wait for longer. */
const patienceMs = 2_000;

interface Answers {
  readonly atMs: number;
  readonly found: Map<string, UsageLike>;
  readonly all: Promise<unknown>;
}

/** How tenants stand, asked only while somebody looks. */
export class TenantUsages {
  readonly #quota: QuotaSource | undefined;
  readonly #seen: RecentMap<true>;
  readonly #clock: Clock;
  readonly #answers = new RecentMap<Answers>(2 * maxAsked);

  constructor(quota: QuotaSource | undefined, seen: RecentMap<true>, clock: Clock) {
    this.#quota = quota;
    this.#seen = seen;
    this.#clock = clock;
  }

  /** Of one tenant, or of those seen last. What does not answer in time is missing. */
  async read(tenantId: string | undefined): Promise<readonly UsageLike[]> {
    const answers = this.#asked(tenantId);
    const late = new AbortController();
    await Promise.race([answers.all, this.#clock.sleep(patienceMs, late.signal).catch(() => undefined)]);
    late.abort();
    return [...answers.found.values()];
  }

  #asked(tenantId: string | undefined): Answers {
    const key = tenantId ?? '';
    const known = this.#answers.get(key);
    const nowMs = this.#clock.monotonicMs();
    if (known && nowMs - known.atMs < maxAgeMs) return known;
    const found = new Map<string, UsageLike>();
    const names = tenantId === undefined ? this.#seen.keys().slice(0, maxAsked) : [tenantId];
    const all = Promise.all(names.map((name) => this.#ask(name, found)));
    const answers = { atMs: nowMs, found, all };
    this.#answers.set(key, answers);
    return answers;
  }

  async #ask(tenantId: string, found: Map<string, UsageLike>): Promise<void> {
    try {
      const usage = await this.#quota?.usage(tenantId);
      if (usage) found.set(tenantId, usage);
    } catch {
      // A tenant that is gone, or a store that is away: statistics say so.
    }
  }
}
