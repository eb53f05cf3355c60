import type { SettleReply } from '../../store/store-types';
import { demand, demandSame } from './demand';
import { quotaOf, rateOf } from './limits';
import { check, holdOf } from './place';

const slowUs = 3_600_000_000;

/** What was reserved, and what it came to. */
export const holdChecks = [
  check('commit-less', 'What was reserved and not used is given back.', async (place) => {
    const limits = [quotaOf('tokens', 100, place.period()), quotaOf('calls', 10, place.period())];
    demandSame(await place.admit(limits, [60, 1], { hold: holdOf('a') }), [60, 1], 'used while it is held');
    demandSame(
      await place.settle(limits, [25, 1], 'a'),
      { outcome: 'settled', isLate: false, added: [-35, 0], values: [25, 1], epoch: 0 },
      'settlement',
    );
    await place.shows(limits, [25, 1], 'used in the end');
  }),

  check(
    'commit-more',
    'What was used beyond the reservation is charged, beyond the cap too.',
    async (place) => {
      const limits = [quotaOf('tokens', 100, place.period())];
      await place.admit(limits, [60], { hold: holdOf('a') });
      demandSame(
        await place.settle(limits, [130], 'a'),
        { outcome: 'settled', isLate: false, added: [70], values: [130], epoch: 0 },
        'settlement',
      );
      await place.refuse(limits, [1], [0]);
    },
  ),

  check('release', 'Nothing used gives all back.', async (place) => {
    const limits = [quotaOf('tokens', 100, place.period())];
    await place.admit(limits, [40]);
    await place.admit(limits, [60], { hold: holdOf('a') });
    await place.settle(limits, [0], 'a');
    await place.shows(limits, [40], 'used in the end');
  }),

  check('settled-once', 'A hold is settled once; the next time nothing is changed.', async (place) => {
    const limits = [quotaOf('tokens', 100, place.period())];
    await place.admit(limits, [60], { hold: holdOf('a') });
    await place.settle(limits, [20], 'a');
    for (const amount of [0, 20, 90])
      demandSame(await place.settle(limits, [amount], 'a'), { outcome: 'repeated' }, 'settled again');
    await place.shows(limits, [20], 'used in the end');
  }),

  check(
    'unknown-hold',
    'Of a hold that nobody made, nothing is known and nothing changed.',
    async (place) => {
      const limits = [quotaOf('tokens', 100, place.period())];
      demandSame(await place.settle(limits, [5], 'a'), { outcome: 'unknown' }, 'with nothing counted');
      await place.admit(limits, [60], { hold: holdOf('a') });
      demandSame(await place.settle(limits, [5], 'b'), { outcome: 'unknown' }, 'with another hold');
      await place.shows(limits, [60], 'used in the end');
    },
  ),

  check('refused-hold', 'A refused hold does not exist.', async (place) => {
    const limits = [quotaOf('tokens', 100, place.period())];
    await place.admit(limits, [60]);
    const { holdsUntilUs } = await place.take(limits, [60], { hold: holdOf('a') });
    demandSame(holdsUntilUs, 0, 'holdsUntilUs');
    demandSame(await place.settle(limits, [0], 'a'), { outcome: 'unknown' }, 'settlement');
    await place.shows(limits, [60], 'used in the end');
  }),

  check('holds-apart', 'Holds are settled each for itself, in any order of limits.', async (place) => {
    const [a, b] = [quotaOf('a', 100, place.period()), quotaOf('b', 100, place.period())];
    await place.admit([a, b], [10, 20], { hold: holdOf('one') });
    await place.admit([a, b], [1, 2], { hold: holdOf('two') });
    const reply = await place.settle([b, a], [5, 7], 'one');
    demand(reply.outcome === 'settled', `expected 'settled', got '${reply.outcome}'`);
    demandSame(reply.added, [-15, -3], 'added');
    demandSame(reply.values, [7, 8], 'values');
    await place.settle([a, b], [0, 0], 'two');
    await place.shows([a, b], [7, 5], 'used in the end');
  }),

  check('never-below-zero', 'Giving back never makes a count less than 0.', async (place) => {
    const limits = [quotaOf('tokens', 100, place.period())];
    await place.admit(limits, [60], { hold: holdOf('a') });
    await place.adjust(limits, [-50]);
    const reply = await place.settle(limits, [0], 'a');
    demand(reply.outcome === 'settled', `expected 'settled', got '${reply.outcome}'`);
    demandSame(reply.values, [0], 'used');
  }),

  check(
    'settled-next-period',
    'A settlement leaves alone what is counted in another period.',
    async (place) => {
      const before = [quotaOf('tokens', 100, place.period(3))];
      const next = [quotaOf('tokens', 100, place.period(2))];
      await place.admit(before, [60], { hold: holdOf('less') });
      await place.admit(before, [30], { hold: holdOf('more') });
      await place.admit(next, [5]);
      const less = await place.settle(before, [10], 'less');
      const more = await place.settle(next, [90], 'more');
      demandSame([addedOf(less), addedOf(more)], [[0], [0]], 'added');
      await place.shows(next, [5], 'used in the next period');
    },
  ),

  check(
    'settled-first',
    'Where 0 was reserved, what was used is charged, in a period without use too.',
    async (place) => {
      await place.admit([quotaOf('tokens', 100, place.period(3))], [60]);
      const next = [quotaOf('tokens', 100, place.period(2))];
      await place.admit(next, [0], { hold: holdOf('a') });
      await place.settle(next, [70], 'a');
      await place.shows(next, [70], 'used in the next period');
    },
  ),

  check('rate-settled', 'Of a rate only more is charged, and at most one burst of debt.', async (place) => {
    const limits = [rateOf('burst', 10, slowUs)];
    const { nowUs } = await place.take(limits, [4], { hold: holdOf('a') });
    await place.admit(limits, [1], { hold: holdOf('b') });
    await place.admit(limits, [1], { hold: holdOf('c') });
    demandSame(addedOf(await place.settle(limits, [1], 'a')), [0], 'added by less');
    await place.shows(limits, [nowUs + 6 * slowUs], 'arrival time after less');
    demandSame(addedOf(await place.settle(limits, [3], 'b')), [2], 'added by 2 more');
    await place.shows(limits, [nowUs + 8 * slowUs], 'arrival time after 2 more');
    const beforeUs = await place.nowUs();
    await place.settle(limits, [1_000], 'c');
    const after = await place.read(limits);
    const debtUs = (after.values[0] as number) - 20 * slowUs;
    demand(
      beforeUs - 1 <= debtUs && debtUs <= after.nowUs + 1,
      `arrival time after 999 more: ${debtUs} µs + 2 bursts`,
    );
  }),

  check('open-holds', 'A decision says until when a hold may lower the counts.', async (place) => {
    const limits = [quotaOf('tokens', 100, place.period())];
    const long = await place.take(limits, [1], { hold: holdOf('a', 60_000) });
    demandSame(long.holdsUntilUs, long.nowUs + 60_000_000, 'with its own hold');
    const short = await place.take(limits, [1], { hold: holdOf('b', 1_000) });
    demandSame(short.holdsUntilUs, long.holdsUntilUs, 'with a shorter one');
    const other = await place.take(limits, [500]);
    demandSame([other.refused, other.holdsUntilUs], [[0], long.holdsUntilUs], 'with a refusal');
  }),
];

function addedOf(reply: SettleReply): readonly number[] | string {
  return reply.outcome === 'settled' ? reply.added : reply.outcome;
}
