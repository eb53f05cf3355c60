import { expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { type MemoryStore, memoryStore } from '../../../src/store/memory-store';
import type { DecideCall, DecideReply, QuotaStore, StoreDecision } from '../../../src/store/store-types';
import {
  checkQuotaStore,
  formatQuotaStore,
  type OpenQuotaStore,
  quotaStoreChecks,
} from '../../../src/testing';

type Fault = (own: MemoryStore) => Partial<QuotaStore>;

/** A store that does all but one thing. */
function storeWith(fault: Fault): OpenQuotaStore {
  return () => {
    const clock = manualClock(Date.UTC(2026, 10, 26));
    const own = memoryStore({ clock });
    const { isLocal, decide, settle, adjust, read, install } = own;
    const bound = Object.fromEntries(
      Object.entries({ decide, settle, adjust, read, install }).map(([name, method]) => [
        name,
        method.bind(own),
      ]),
    );
    return { store: { isLocal, ...bound, ...fault(own) } as QuotaStore, advance: clock.advance };
  };
}

/** Answers otherwise where something was decided. */
function deciding(own: MemoryStore, change: (decision: StoreDecision, call: DecideCall) => DecideReply) {
  return {
    decide(call: DecideCall): DecideReply {
      const reply = own.decide(call);
      return reply.outcome === 'decided' ? change(reply, call) : reply;
    },
  };
}

type Faults = readonly [what: string, fails: string, seen: RegExp, fault: Fault][];

const faults: Faults = [
  [
    'admits one more',
    'quota',
    /^refused of 4 of quota "calls" with 10: expected \[ 0 \], got \[\]$/,
    (own) => ({
      decide: (call) =>
        own.decide({ ...call, limits: call.limits.map((limit) => ({ ...limit, cap: limit.cap + 1 })) }),
    }),
  ],
  [
    'decides two times at once',
    'crowd',
    /^admitted: expected 17, got 50$/,
    (own) => ({
      async decide(call) {
        const { limits, subject, isLedgered } = call;
        const before = own.read({ limits, subject, isLedgered });
        await null;
        if (before.outcome === 'read') {
          const { refused: _, ...rest } = own.decide({
            ...call,
            amounts: call.amounts.map(() => 0),
          }) as StoreDecision;
          own.adjust(call);
          const used = before.values[0] as number;
          return { ...rest, refused: used + (call.amounts[0] as number) > (limits[0]?.cap ?? 0) ? [0] : [] };
        }
        return own.decide(call);
      },
    }),
  ],
  [
    'names one that refuses',
    'all-or-nothing',
    /^indices of those that refuse: expected \[ 0, 2, 3 \], got \[ 0 \]$/,
    (own) => deciding(own, (decision) => ({ ...decision, refused: decision.refused.slice(0, 1) })),
  ],
  [
    'charges refused calls',
    'one-refuses',
    /^values after a refusal: expected \[ 0, 0, 0 \], got \[ 1, 1, 2 \]$/,
    (own) =>
      deciding(own, (decision, call) => {
        if (decision.refused.length > 0) own.adjust(call);
        return decision;
      }),
  ],
  [
    'knows counters by their position',
    'by-name',
    /^the other order: expected \[ 10, 1 \], got/,
    (own) => {
      const numbered = <Call extends Pick<DecideCall, 'limits'>>(call: Call): Call => ({
        ...call,
        limits: call.limits.map((limit, index) => ({ ...limit, counter: `${index}` })),
      });
      return { decide: (call) => own.decide(numbered(call)), read: (call) => own.read(numbered(call)) };
    },
  ],
  [
    'never says that a period is over',
    'roll-over',
    /^outcome after the end: expected 'period', got 'decided'$/,
    (own) => ({
      decide: (call) =>
        own.decide({ ...call, limits: call.limits.map((limit) => ({ ...limit, second: 2 ** 53 - 1 })) }),
    }),
  ],
  [
    'has numbers of 14 digits',
    'burst',
    /^arrival time after 2: expected/,
    (own) =>
      deciding(own, (decision) => ({
        ...decision,
        values: decision.values.map((value) => Number(value.toPrecision(14))),
      })),
  ],
  [
    'takes no places',
    'places',
    /^places taken by one: expected \[ 1 \], got \[ 0 \]$/,
    (own) => ({ decide: ({ hold: _, ...call }) => own.decide(call) }),
  ],
  [
    'settles twice',
    'settled-once',
    /^settled again: expected \{ outcome: 'repeated' \}, got/,
    (own) => ({
      settle(call) {
        const reply = own.settle(call);
        return reply.outcome === 'repeated'
          ? { outcome: 'settled', isLate: false, added: [0], values: [0], epoch: 0 }
          : reply;
      },
    }),
  ],
  [
    'gives back after the expiry',
    'late-less',
    /^settlement: expected \{ outcome: 'settled', isLate: true, /,
    (own) => ({
      decide: ({ hold, ...call }) => own.decide({ ...call, hold: hold && { ...hold, expiresInMs: 600_000 } }),
    }),
  ],
  [
    'forgets events',
    'once',
    /^expected 'repeated', got 'decided'$/,
    (own) => ({ decide: ({ event: _, ...call }) => own.decide(call) }),
  ],
  [
    'never forgets an event',
    'event-forgotten',
    /^after its time is over: expected 'decided', got 'repeated'$/,
    (own) => ({
      decide: ({ event, ...call }) => own.decide({ ...call, event: event && { ...event, rememberMs: 9e9 } }),
    }),
  ],
  [
    'does not look at fingerprints',
    'reused',
    /^reply: expected \{ outcome: 'reused' \}, got \{ outcome: 'repeated', /,
    (own) => ({
      decide: ({ event, ...call }) => own.decide({ ...call, event: event && { ...event, fingerprint: '' } }),
    }),
  ],
  [
    'takes what is missing for 0',
    'unknown',
    /^outcomes: expected \[ 'unknown', 'unknown', 'unknown' \], got \[ 'decided', /,
    (own) => ({
      decide: (call) => own.decide({ ...call, isLedgered: false }),
      adjust: (call) => own.adjust({ ...call, isLedgered: false }),
      read: (call) => own.read({ ...call, isLedgered: false }),
    }),
  ],
  [
    'installs what is old',
    'outdated',
    /^epoch 5: expected 'outdated', got 'installed'$/,
    (own) => {
      let epoch = 1;
      return { install: (call) => own.install({ ...call, epoch: ++epoch }) };
    },
  ],
  [
    'has one subject for all',
    'subjects',
    /^used by .*: expected \[ 2 \], got \[ 3 \]$/,
    (own) => ({ decide: (call) => own.decide({ ...call, subject: 'one' }) }),
  ],
  [
    'gives nothing back',
    'adjust',
    /^used after 18 were given back: expected \[ 7 \], got \[ 25 \]$/,
    (own) => ({
      adjust: (call) => own.adjust({ ...call, amounts: call.amounts.map((amount) => Math.max(0, amount)) }),
    }),
  ],
  [
    'gives rates back when they are settled',
    'interleaving-1',
    /^step \d+, settled: the arrival time is -\d+ µs off$/,
    (own) => ({
      settle(call) {
        const reply = own.settle(call);
        const rates = call.limits.map(({ kind }) => (kind === 'rate' ? -1 : 0));
        if (reply.outcome === 'settled') own.adjust({ ...call, amounts: rates, isLedgered: false });
        return reply;
      },
    }),
  ],
];

test.each(faults)('a store that %s is found', async (_, name, seen, fault) => {
  const { results, failures } = await checkQuotaStore(storeWith(fault), { only: [name] });
  expect(results).toEqual([
    expect.objectContaining({ name, holds: false, seen: expect.stringMatching(seen) }),
  ]);
  expect(failures).toEqual([`${name}: ${results[0]?.summary} But ${results[0]?.seen}`]);
});

test('a store that never answers is found', async () => {
  const { failures } = await checkQuotaStore(
    storeWith(() => ({ decide: () => new Promise(() => {}) })),
    { only: ['quota'], timeoutMs: 50 },
  );
  expect(failures).toEqual([expect.stringMatching(/^quota: .* But it did not end within 50 ms$/)]);
});

test.each([
  [new Error('refused'), 'refused'],
  ['a text', 'a text'],
])('a store that fails with %p is found', async (error, seen) => {
  const { results } = await checkQuotaStore(
    storeWith(() => ({ decide: () => Promise.reject(error) })),
    {
      only: ['quota'],
    },
  );
  expect(results).toEqual([expect.objectContaining({ holds: false, seen })]);
});

test('closes each store that it opened, whatever it showed', async () => {
  let closed = 0;
  const open = storeWith((own) => ({
    decide: () => Promise.reject(new Error('refused')),
    read: (call) => own.read(call),
    close: async () => {
      closed += 1;
    },
  }));
  await checkQuotaStore(open, { only: ['quota', 'subjects', 'reading'] });
  expect(closed).toBe(3);
});

test('says what it does, and refuses a check that does not exist', async () => {
  const heard: string[] = [];
  const only = ['quota', 'crowd'];
  const report = await checkQuotaStore(
    storeWith(() => ({})),
    { only, onProgress: (name) => heard.push(name) },
  );
  expect(heard).toEqual(only);
  expect(report.failures).toEqual([]);
  await expect(
    checkQuotaStore(
      storeWith(() => ({})),
      { only: ['no-such'] },
    ),
  ).rejects.toThrow(/only: no such check: no-such; there are quota, /);
});

test('runs every check by default, whose names differ', async () => {
  const heard: string[] = [];
  const open = () => {
    throw new Error('no store');
  };
  const { results } = await checkQuotaStore(open, { onProgress: (name) => heard.push(name) });
  expect(heard).toEqual(quotaStoreChecks.map(({ name }) => name));
  expect(new Set(heard).size).toBe(heard.length);
  expect(results.every(({ holds, seen }) => !holds && seen === 'no store')).toBe(true);
});

test('renders a row for each check', () => {
  const result = { summary: 'It holds.', tookMs: 3 };
  expect(
    formatQuotaStore({
      results: [
        { name: 'a', holds: true, ...result },
        { name: 'b', holds: false, seen: 'x|y\nz', ...result },
      ],
      failures: [],
    }),
  ).toBe(
    [
      '| check | what has to hold | result | took |',
      '| --- | --- | --- | ---: |',
      '| a | It holds. | **holds** | 3 ms |',
      '| b | It holds. | **fails**: x\\|y z | 3 ms |',
    ].join('\n'),
  );
});
