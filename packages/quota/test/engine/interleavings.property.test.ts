import { describe, expect, it } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import fc from 'fast-check';
import { concurrencyLimit, createQuota, definePlans } from '../../src';
import type { Hold } from '../../src/types';
import { DoubleLedger } from '../support/double-ledger';
import { FaultyStore } from '../support/faulty-store';
import { dayMs, noon } from '../support/open-quota';

/** Of each kind; a longer run is asked for by the environment. */
const numRuns = Number(process.env.QUOTA_PROPERTY_RUNS ?? 150);

const limit = 100;
const places = 2;
const plans = definePlans({
  free: { aiTokensPerDay: limit, jobsAtOnce: concurrencyLimit({ of: 'jobs', limit: places }) },
});

type Step =
  | { readonly do: 'check' | 'record'; readonly amount: number }
  | { readonly do: 'reserve'; readonly amount: number; readonly expiresInMs: number; readonly jobs: 0 | 1 }
  | { readonly do: 'commit'; readonly which: number; readonly amount: number }
  | { readonly do: 'release'; readonly which: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'crash' | 'loseStore' };

const amount = fc.integer({ min: 0, max: 70 });
const which = fc.nat({ max: 5 });
const steps = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('check' as const, 'record' as const), amount }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('reserve' as const),
        amount,
        expiresInMs: fc.constantFrom(1_000, 60_000, dayMs),
        jobs: fc.constantFrom(0 as const, 1 as const),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('commit' as const), which, amount }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), which }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('advance' as const),
        ms: fc.constantFrom(0, 1, 999, 1_000, 30_000, dayMs / 2, dayMs),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'loseStore' as const) }) },
  ),
  { minLength: 4, maxLength: 24 },
);

interface Held {
  readonly hold: Hold;
  readonly amount: number;
  readonly jobs: number;
  readonly day: number;
  readonly expiresAtMs: number;
}

/** What must have been charged, by the rules alone: no counters, no store. */
class Model {
  readonly usedByDay = new Map<number, number>();
  readonly open = new Set<Held>();
  readonly settled = new Set<Held>();

  used(day: number): number {
    return this.usedByDay.get(day) ?? 0;
  }

  get total(): number {
    return [...this.usedByDay.values()].reduce((sum, used) => sum + used, 0);
  }

  add(day: number, by: number): void {
    this.usedByDay.set(day, this.used(day) + by);
  }

  taken(nowMs: number): number {
    return [...this.open].filter(({ jobs, expiresAtMs }) => jobs > 0 && nowMs < expiresAtMs).length;
  }

  /** @returns what it comes to */
  settle(held: Held, actual: number, nowMs: number): number {
    const comesTo = nowMs >= held.expiresAtMs ? Math.max(held.amount, actual) : actual;
    if (!this.settled.has(held)) this.add(held.day, comesTo - held.amount);
    this.settled.add(held);
    this.open.delete(held);
    return comesTo;
  }
}

async function run(durability: 'none' | 'store' | 'ledger', script: readonly Step[]): Promise<void> {
  const clock = manualClock(noon);
  const store = new FaultyStore(clock);
  const ledger = durability === 'none' ? undefined : new DoubleLedger();
  const model = new Model();
  const day = () => Math.floor(clock.wallMs() / dayMs);
  let quota = start();
  let holds: Held[] = [];
  for (const step of script) {
    await play(step);
    await settle();
    if (ledger) expect(ledger.sum('acme', 'aiTokens')).toBe(model.total);
    else if (step.do !== 'advance') expect((await report()).used).toBe(model.used(day()));
  }
  await clock.advance(2_000);
  expect((await report()).used).toBe(model.used(day()));
  if (!ledger) return;
  for (const [at, used] of model.usedByDay) {
    expect(used).toBeGreaterThanOrEqual(0);
    expect(ledger.sum('acme', 'aiTokens', at * dayMs, (at + 1) * dayMs)).toBe(used);
  }
  expect(quota.statistics()).toMatchObject({ lost: 0, waiting: 0, unavailable: 0 });

  function start() {
    const durable = durability === 'ledger' ? ({ durability } as const) : {};
    return createQuota({ plans, store, ledger, clock, context: () => undefined, ...durable });
  }

  async function report() {
    const [tokens] = (await quota.usage('acme', { plan: 'free' })).limits;
    return { used: tokens?.used };
  }

  async function play(step: Step): Promise<void> {
    const acme = { tenantId: 'acme', plan: 'free' as const };
    switch (step.do) {
      case 'check': {
        const fits = step.amount === 0 || model.used(day()) + step.amount <= limit;
        const { allowed } = await quota.check({ ...acme, use: { aiTokens: step.amount } });
        expect(allowed).toBe(fits);
        if (allowed) model.add(day(), step.amount);
        return;
      }
      case 'record':
        await quota.record({ ...acme, use: { aiTokens: step.amount } });
        model.add(day(), step.amount);
        return;
      case 'reserve': {
        const { amount: aiTokens, jobs, expiresInMs } = step;
        const nowMs = clock.wallMs();
        const fits = aiTokens === 0 || model.used(day()) + aiTokens <= limit;
        const hasPlace = jobs === 0 || model.taken(nowMs) < places;
        const hold = await quota
          .reserve({ ...acme, use: { aiTokens, jobs }, expiresInMs })
          .catch((error: { code: string }) => expect(error.code).toBe('UNITE_QUOTA_EXCEEDED'));
        expect(hold !== undefined).toBe(fits && hasPlace);
        if (!hold) return;
        const held = { hold, amount: aiTokens, jobs, day: day(), expiresAtMs: nowMs + expiresInMs };
        model.add(day(), aiTokens);
        model.open.add(held);
        holds.push(held);
        return;
      }
      case 'commit':
      case 'release': {
        const held = holds[step.which % Math.max(1, holds.length)];
        if (!held) return;
        const isFirst = !model.settled.has(held);
        const actual = step.do === 'commit' ? step.amount : 0;
        const settling =
          step.do === 'commit' ? held.hold.commit({ use: { aiTokens: actual } }) : held.hold.release();
        const { isRepeated, use } = await settling;
        const comesTo = model.settle(held, actual, clock.wallMs());
        expect(isRepeated).toBe(!isFirst);
        if (isFirst) expect(use.aiTokens ?? 0).toBe(comesTo);
        return;
      }
      case 'advance':
        return clock.advance(step.ms);
      case 'crash':
        // Nobody settles what was open.
        holds = [];
        quota = start();
        return;
      case 'loseStore':
        // Without a ledger the counts would be gone, and places are in the store alone.
        if (!ledger || model.taken(clock.wallMs()) > 0) return;
        store.loseAll();
    }
  }
}

describe('no interleaving of reserve, commit, release, expiry, crash, loss and roll-over', () => {
  it.each(['none', 'store', 'ledger'] as const)(
    'charges twice, banks credit or goes negative; ledger: %s',
    async (durability) => {
      await fc.assert(
        fc.asyncProperty(steps, (script) => run(durability, script)),
        { numRuns },
      );
    },
    300_000,
  );
});
