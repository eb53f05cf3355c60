import { demandSame } from './demand';
import { hourUs, placesOf, quotaOf, rateOf } from './limits';
import { check, holdOf } from './place';

/** What is charged or given back without asking. */
export const adjustmentChecks = [
  check(
    'adjust',
    'An adjustment charges beyond the cap, and gives back, but never below 0.',
    async (place) => {
      const limits = [quotaOf('calls', 10, place.period())];
      demandSame((await place.adjust(limits, [25])).values, [25], 'used after 25');
      await place.refuse(limits, [1], [0]);
      demandSame((await place.adjust(limits, [-18])).values, [7], 'used after 18 were given back');
      demandSame(await place.admit(limits, [3]), [10], 'used after 3 were admitted');
      demandSame((await place.adjust(limits, [-50])).values, [0], 'used after more was given back than used');
      demandSame(await place.admit(limits, [10]), [10], 'used after 10 were admitted');
    },
  ),

  check('adjust-nothing', 'An adjustment by 0 touches nothing.', async (place) => {
    const [before, next] = [quotaOf('calls', 10, place.period(3)), quotaOf('calls', 10, place.period(2))];
    await place.admit([before], [4]);
    demandSame((await place.adjust([next], [0])).values, [0], 'used in the next period');
    await place.shows([before], [4], 'used in the period before');
  }),

  check(
    'adjust-period',
    'An adjustment of an older period is ignored; one of a newer begins it.',
    async (place) => {
      const nowUs = await place.nowUs();
      const [older, later] = [quotaOf('calls', 10, place.period(3)), quotaOf('calls', 10, place.period(2))];
      await place.admit([later], [4]);
      await place.adjust([older], [5]);
      await place.adjust([older], [-3]);
      await place.shows([later], [4], 'used after adjustments of the older period');
      const over = quotaOf('other', 10, { first: nowUs - 2 * hourUs, second: nowUs - hourUs });
      demandSame((await place.adjust([over], [3])).values, [3], 'used in a period that is over');
      const ahead = quotaOf('other', 10, { first: nowUs + hourUs, second: nowUs + 2 * hourUs });
      demandSame((await place.adjust([ahead], [2])).values, [2], 'used in a period to come');
    },
  ),

  check(
    'adjust-rate',
    'A rate is adjusted by its interval, with at most one burst of debt.',
    async (place) => {
      const limits = [rateOf('burst', 10, hourUs)];
      const { nowUs } = await place.take(limits, [10]);
      demandSame(
        (await place.adjust(limits, [-4])).values,
        [nowUs + 6 * hourUs],
        'arrival time after 4 were given back',
      );
      await place.admit(limits, [4]);
      await place.refuse(limits, [1], [0]);
      demandSame(
        (await place.adjust(limits, [5])).values,
        [nowUs + 15 * hourUs],
        'arrival time after 5 more',
      );
      const most = await place.adjust(limits, [1_000]);
      demandSame(most.values, [most.nowUs + 20 * hourUs], 'arrival time after 1,000 more');
      await place.adjust(limits, [-1_000]);
      const whole = await place.take(limits, [10]);
      demandSame(whole.values, [whole.nowUs + 10 * hourUs], 'arrival time after a whole burst');
    },
  ),

  check('adjust-places', 'Places are left alone.', async (place) => {
    const limits = [placesOf('places', 5)];
    await place.admit(limits, [1], { hold: holdOf('a') });
    demandSame((await place.adjust(limits, [3])).values, [1], 'places taken after 3 more');
    demandSame((await place.adjust(limits, [-3])).values, [1], 'places taken after 3 less');
  }),
];
