import { maxAmount } from '../../store/max-amount';
import { demandSame } from './demand';
import { placesOf, quotaOf, rateOf } from './limits';
import { check, holdOf } from './place';

/** What is counted, and when it is refused. */
export const quotaChecks = [
  check('quota', 'A quota admits what fits, and not one more.', async (place) => {
    const limits = [quotaOf('calls', 10, place.period())];
    await place.shows(limits, [0], 'used at first');
    demandSame(await place.admit(limits, [7]), [7], 'used after 7');
    await place.refuse(limits, [4], [0]);
    demandSame(await place.admit(limits, [3]), [10], 'used after 7 and 3');
    await place.refuse(limits, [1], [0]);
    await place.shows(limits, [10], 'used after refusals');
  }),

  check(
    'decision',
    'A decision says its time, no epoch without a ledger, and no hold without one.',
    async (place) => {
      const beforeUs = await place.nowUs();
      const { nowUs, epoch, holdsUntilUs } = await place.take([quotaOf('calls', 10, place.period())], [1]);
      demandSame({ epoch, holdsUntilUs }, { epoch: 0, holdsUntilUs: 0 }, 'decision');
      demandSame(
        [beforeUs, nowUs, await place.nowUs()].map(Number.isSafeInteger),
        [true, true, true],
        'whole µs',
      );
      demandSame(beforeUs <= nowUs && nowUs <= (await place.nowUs()), true, 'time runs forward');
    },
  ),

  check('all-or-nothing', 'Every limit that refuses is named, and then none is charged.', async (place) => {
    const limits = [
      quotaOf('small', 1, place.period()),
      quotaOf('large', 100, place.period()),
      rateOf('burst', 2, 3_600_000_000),
      placesOf('places', 1),
    ];
    await place.admit(limits, [1, 1, 2, 1], { hold: holdOf('first') });
    const before = (await place.read(limits)).values;
    const { refused, values } = await place.take(limits, [1, 5, 1, 1], { hold: holdOf('second') });
    demandSame(refused, [0, 2, 3], 'indices of those that refuse');
    demandSame(values, before, 'values with a refusal');
    await place.shows(limits, before, 'values after a refusal');
  }),

  check('one-refuses', 'The last of several limits is enough to refuse.', async (place) => {
    const limits = ['a', 'b', 'c'].map((name) => quotaOf(name, name === 'c' ? 1 : 9, place.period()));
    await place.refuse(limits, [1, 1, 2], [2]);
    await place.shows(limits, [0, 0, 0], 'values after a refusal');
  }),

  check('nothing', 'An amount of 0 touches nothing and is never refused.', async (place) => {
    const full = [
      quotaOf('calls', 5, place.period()),
      rateOf('burst', 1, 3_600_000_000),
      placesOf('places', 1),
    ];
    await place.admit(full, [5, 1, 1], { hold: holdOf('first') });
    const lower = full.map((limit) => ({ ...limit, cap: 0 }));
    const { refused, values } = await place.take(lower, [0, 0, 0], { hold: holdOf('second') });
    demandSame(refused, [], 'refused');
    demandSame([values[0], values[2]], [5, 1], 'used and places');
    await place.admit([quotaOf('calls', 5, place.period(1))], [0]);
    await place.shows(full.slice(0, 1), [5], 'used of the period before, after 0 in the next');
  }),

  check(
    'by-name',
    'A counter is known by its name, in whatever order and with whatever cap.',
    async (place) => {
      const a = quotaOf('a', 10, place.period());
      const b = quotaOf('b', 10, place.period());
      await place.admit([a, b], [1, 2]);
      demandSame(await place.admit([b, a], [10 - 2, 0]), [10, 1], 'the other order');
      demandSame(await place.admit([quotaOf('c', 1, place.period()), a], [1, 1]), [1, 2], 'among others');
      demandSame(
        await place.admit(
          [a, b].map((limit) => ({ ...limit, cap: 20 })),
          [0, 5],
        ),
        [2, 15],
        'a larger cap',
      );
      await place.refuse([a, b], [1, 1], [1]);
      demandSame(await place.admit([a], [1]), [3], 'one alone');
    },
  ),

  check('lowered-cap', 'A cap below what is used refuses, and the count stays.', async (place) => {
    await place.admit([quotaOf('calls', 10, place.period())], [8]);
    await place.refuse([quotaOf('calls', 5, place.period())], [1], [0]);
    demandSame(
      await place.admit([quotaOf('calls', 10, place.period())], [1]),
      [9],
      'used after it was raised',
    );
  }),

  check('largest', 'Counts are exact up to 9,007,199,254,740,991, and never beyond.', async (place) => {
    const limits = [quotaOf('tokens', maxAmount, place.period())];
    demandSame(await place.admit(limits, [maxAmount - 2]), [maxAmount - 2], 'two below');
    await place.refuse(limits, [3], [0]);
    await place.refuse(limits, [maxAmount], [0]);
    demandSame(await place.admit(limits, [1]), [maxAmount - 1], 'one below');
    demandSame((await place.adjust(limits, [maxAmount])).values, [maxAmount], 'after more than it can hold');
    await place.refuse(limits, [1], [0]);
    demandSame((await place.adjust(limits, [-1])).values, [maxAmount - 1], 'one less');
  }),
];
